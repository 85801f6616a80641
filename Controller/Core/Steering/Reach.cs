namespace NetServ.Controller.Core.Steering;

/// <summary>Which nodes a switch's flows may be placed on.</summary>
public enum Reach
{
    /// <summary>Those of the switch itself: where switches learn for themselves nobody knows the way to others.</summary>
    Here = 0,

    /// <summary>Those that links lead to.</summary>
    Connected,

    /// <summary>All: links are not known yet.</summary>
    Anywhere,
}
