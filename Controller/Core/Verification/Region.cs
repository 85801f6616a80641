namespace NetServ.Controller.Core.Verification;

/// <summary>
/// A set of packets as they entered the network: those of a cube that are in none of the holes, at least one. The holes all overlap the cube; they are
/// what rules above took, and nothing is split along them but to find a packet (see <see cref="PointSearch"/>).
/// </summary>
/// <param name="Cube">The cube.</param>
/// <param name="Holes">The holes.</param>
/// <param name="Part">A part of it without any hole.</param>
internal sealed record Region(Cube Cube, Cube[] Holes, Cube Part);
