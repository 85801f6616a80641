namespace NetServ.OpenFlow;

/// <summary>Who sends a message.</summary>
[Flags]
public enum Direction : byte
{
    ToSwitch = 1,
    ToController = 2,
    Both = ToSwitch | ToController,
}
