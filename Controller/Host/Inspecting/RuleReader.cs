using Grpc.Core;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Decisions;
using NetServ.Controller.OpenFlow;

namespace NetServ.Controller.Inspecting;

/// <summary>Reads the tables of switches for operators.</summary>
public sealed class RuleReader(SwitchLoop switches, SwitchReporter reporter, TimeProvider clock)
{
    private static readonly TimeSpan s_within = TimeSpan.FromSeconds(10);

    /// <summary>The rules that switches have now, by session.</summary>
    /// <param name="dpid">One switch; 0 for all.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="RpcException">A switch did not answer in time.</exception>
    public async Task<Dictionary<long, SessionEvent.RulesRead>> ReadAsync(ulong dpid, CancellationToken stop)
    {
        List<(long Session, Task<SessionEvent.RulesRead> Answer)> readings = await switches.InspectAsync(loop => Start(loop, dpid));
        try
        {
            Dictionary<long, SessionEvent.RulesRead> read = [];
            foreach ((long session, Task<SessionEvent.RulesRead> answer) in readings)
                read[session] = await answer.WaitAsync(s_within, clock, stop);
            return read;
        }
        catch (TimeoutException)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, "a switch did not tell its rules in time; look at 'netserv switches' and try again"));
        }
    }

    private List<(long Session, Task<SessionEvent.RulesRead> Answer)> Start(SwitchLoop loop, ulong dpid)
    {
        List<(long, Task<SessionEvent.RulesRead>)> readings = [];
        foreach (SwitchConnection connection in loop.Connections.Values.Where(c => c.Session.IsRunning && (dpid == 0 || c.Session.Dpid == dpid)))
        {
            (long token, Task<SessionEvent.RulesRead> answer) = reporter.OpenReading();
            loop.Do(connection, s => s.ReadRules(token));
            readings.Add((connection.Id, answer));
        }
        return readings;
    }
}
