using NetServ.Packets;

namespace NetServ.Controller.Core.Admission;

/// <summary>Someone who may send requests.</summary>
/// <param name="Name">The request's user header, compared byte by byte.</param>
/// <param name="PublicKeyPem">P-256 public key in PEM.</param>
/// <param name="Prefixes">Destinations for which the user may ask for packets; none: only modules without packets.</param>
public sealed record UserAccount(string Name, string PublicKeyPem, IReadOnlyList<Ipv4Prefix> Prefixes);
