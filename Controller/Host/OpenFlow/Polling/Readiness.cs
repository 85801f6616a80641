namespace NetServ.Controller.OpenFlow.Polling;

/// <summary>A socket that can do something.</summary>
/// <param name="Token">Which one, as it was added.</param>
/// <param name="CanRead">Something came, or the peer has ended the connection.</param>
/// <param name="CanWrite">There is room to send.</param>
/// <param name="IsBroken">The connection is lost; told whether anything is waited for or not.</param>
internal readonly record struct Readiness(long Token, bool CanRead, bool CanWrite, bool IsBroken);
