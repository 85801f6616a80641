namespace NetServ.Controller.Core.Steering;

/// <summary>What a tag says of a frame.</summary>
/// <param name="NodeId">The node that it is on its way to; 0 if it is done with, and on its way to its destination.</param>
/// <param name="Vlan">The VLAN id that it had, and gets back at the last hop.</param>
public readonly record struct TagMeaning(uint NodeId, ushort Vlan)
{
    /// <summary>Whether no filter is to look at it any more.</summary>
    public bool IsDone => NodeId == 0;
}
