using System.Net.Sockets;

namespace NetServ.Controller.OpenFlow.Polling;

/// <summary>Waits for many sockets at once. Tells again what was not used up. One thread.</summary>
internal interface IPoller : IDisposable
{
    /// <summary>Waits for reading on a socket from now on, and tells of it by a token.</summary>
    void Add(Socket socket, long token);

    /// <summary>Says what is waited for on a socket.</summary>
    void Change(Socket socket, long token, bool read, bool write);

    /// <summary>Forgets a socket, before it is disposed of.</summary>
    void Remove(Socket socket, long token);

    /// <summary>Waits until something is ready, at the most so long; what is ready is valid until the next call. Each has its turn if not all fit.</summary>
    ReadOnlySpan<Readiness> Wait(int milliseconds);
}
