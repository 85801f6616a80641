using System.Net;
using System.Net.Sockets;
using NetServ.Controller.Configuration;
using NetServ.Controller.OpenFlow;

namespace NetServ.Controller;

/// <summary>Tries all addresses before any is used, so that a person is told at once of all that cannot be listened on.</summary>
internal static class EndpointCheck
{
    /// <exception cref="EndpointException">With one line for each address that cannot be listened on.</exception>
    public static void Check(ControllerOptions options)
    {
        List<string> faults = [];
        List<Socket> held = [];
        foreach ((string option, OpenFlowEndpoint endpoint) in Endpoints(options))
        {
            try
            {
                held.Add(SwitchListeners.Open(endpoint));
            }
            catch (SocketException e)
            {
                faults.Add($"cannot listen on {endpoint}: {e.Message}; stop what listens there or choose another address with {option}");
            }
        }
        // Held until now: two options with the same address are a fault as well.
        held.ForEach(socket => socket.Dispose());
        if (faults.Count > 0)
            throw new EndpointException(string.Join('\n', faults));
    }

    private static IEnumerable<(string Option, OpenFlowEndpoint Endpoint)> Endpoints(ControllerOptions options) =>
        [.. options.OpenFlow.Select(e => ("--openflow", e)), ("--grpc", Plain(options.Grpc)), ("--http", Plain(options.Http))];

    private static OpenFlowEndpoint Plain(IPEndPoint endpoint) => new(endpoint.Address, endpoint.Port);
}
