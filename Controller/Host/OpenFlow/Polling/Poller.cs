namespace NetServ.Controller.OpenFlow.Polling;

/// <summary>The best poller there is here.</summary>
internal static class Poller
{
    /// <summary>Makes one.</summary>
    public static IPoller Create() => OperatingSystem.IsLinux() ? new EpollPoller() : new SelectPoller();
}
