using System.Net.Sockets;
using NetServ.Controller.Core.Sessions;

namespace NetServ.Controller.OpenFlow;

/// <summary>A session and the socket under it.</summary>
/// <param name="Id">Number of the connection, from 1.</param>
/// <param name="Socket">Non-blocking.</param>
/// <param name="Peer">Address of the switch.</param>
/// <param name="Session">The session.</param>
public sealed record SwitchConnection(long Id, Socket Socket, string Peer, SwitchSession Session);
