namespace NetServ.Controller.Core.Placement;

/// <summary>A node that shares in a <see cref="SlotTable"/>.</summary>
/// <param name="NodeId">Its id.</param>
/// <param name="Weight">Its share in relation to the others' weights, 1 or more.</param>
public readonly record struct Member(uint NodeId, uint Weight);
