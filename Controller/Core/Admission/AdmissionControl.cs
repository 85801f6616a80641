using System.Globalization;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Admission;

/// <summary>
/// Decides whether a well-formed request may be done at all. Checks in a fixed order: unknown-user, unsigned, bad-signature, stale,
/// replayed, prefix-not-allowed, quota-exceeded. Only a request that passes all of them is remembered. For one caller at a time, like all of Core.
/// </summary>
public sealed class AdmissionControl
{
    private readonly AdmissionLimits _limits;
    private readonly DateTimeOffset _rememberedSince;
    private readonly Dictionary<string, ReplayWindow> _windows = new(StringComparer.Ordinal);

    /// <summary>Admission for the given users.</summary>
    /// <param name="users">Who may ask.</param>
    /// <param name="limits">Ages and sizes.</param>
    /// <param name="rememberedSince">
    /// When the replay window began, in general the program's start: it is lost with the program, so what was issued before the second of
    /// that time is refused as stale. Left out, earlier requests are taken.
    /// </param>
    public AdmissionControl(UserDirectory users, AdmissionLimits limits, DateTimeOffset rememberedSince = default)
    {
        Users = users;
        _limits = limits;
        _rememberedSince = rememberedSince.AddTicks(-(rememberedSince.Ticks % TimeSpan.TicksPerSecond));
    }

    /// <summary>The users in force; a new directory counts from the next check on, what is remembered of a user stays.</summary>
    public UserDirectory Users { get; set; }

    /// <summary>Null if the request may be done, else why not.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The present.</param>
    /// <param name="remember">Whether its nonce is used up by passing; false for a dry run.</param>
    public RequestRefusal? Check(NetServRequest request, DateTimeOffset now, bool remember)
    {
        if (!Users.TryGet(request.User, out UserAccount? user))
            return new(RequestError.UnknownUser, HeaderNames.User, $"The user '{request.User}' is not known here; correct 'user' or have the operator add him with his public key.");
        if (request.Signature is null)
            return new(RequestError.Unsigned, HeaderNames.Signature, "The request is not signed; sign it with 'netserv setup --key FILE' or as docs/request-format.md shows.");
        if (!RequestVerifier.Verify(request, user.PublicKeyPem))
            return new(RequestError.BadSignature, HeaderNames.Signature, $"The signature is not one of '{request.User}' over this request; sign with the key whose public half the operator has, and change nothing afterwards.");
        return CheckAge(request.Issued, now) ?? CheckNonce(request, user, now, remember);
    }

    /// <summary>Null if a request that was admitted in an earlier life may still be in force: its user may be gone or have fewer prefixes.</summary>
    public string? FaultOfKept(NetServRequest request)
    {
        if (!Users.TryGet(request.User, out UserAccount? user))
            return $"the user '{request.User}' is not known any more";
        if (!RequestVerifier.Verify(request, user.PublicKeyPem))
            return $"the signature is not one of '{request.User}' with his present key";
        if (request.Filter is { } filter && !IsAllowed(user, filter.Destination))
            return $"'{filter.Destination}' does not lie within the prefixes of '{user.Name}' any more";
        return null;
    }

    private RequestRefusal? CheckAge(DateTimeOffset issued, DateTimeOffset now)
    {
        if (now - issued > _limits.MaxAge)
            return Stale($"The request was issued {Seconds(now - issued)} s ago, more than {Seconds(_limits.MaxAge)} s; sign it again, and compare the clocks if it is new");
        if (issued - now > _limits.MaxAhead)
            return Stale($"The request was issued {Seconds(issued - now)} s in the future, more than {Seconds(_limits.MaxAhead)} s; set the clock of the machine that signs");
        if (issued < _rememberedSince)
            return Stale("The request was issued before this controller started, so it cannot tell whether it was used before; sign it again");
        return null;
    }

    private RequestRefusal? CheckNonce(NetServRequest request, UserAccount user, DateTimeOffset now, bool remember)
    {
        DateTimeOffset expiry = request.Issued + _limits.MaxAge;
        ReplayWindow window = WindowOf(user.Name);
        window.Forget(now);
        if (window.Contains(request.Nonce))
            return new(RequestError.Replayed, HeaderNames.Nonce, "A request with this nonce was taken before; sign it again, which makes a new nonce.");
        if (window.MayHaveForgotten(expiry))
            return Stale("The controller's clock was set back and requests of that time are forgotten; sign it again");
        if (request.Filter is { } filter && !IsAllowed(user, filter.Destination))
            return new(RequestError.PrefixNotAllowed, HeaderNames.FilterIpv4, $"'{filter.Destination}' does not lie within the prefixes of '{user.Name}' ({PrefixList(user)}); ask for less or have the operator allow it.");
        if (!remember)
            return null;
        if (window.IsFull)
            return new(RequestError.QuotaExceeded, HeaderNames.Nonce, $"'{user.Name}' has sent {_limits.RememberedPerUser} requests within {Seconds(_limits.MaxAge)} s, as many as are remembered; wait and sign again.");
        window.Add(request.Nonce, expiry);
        return null;
    }

    private ReplayWindow WindowOf(string user)
    {
        if (!_windows.TryGetValue(user, out ReplayWindow? window))
            _windows.Add(user, window = new ReplayWindow(_limits.RememberedPerUser));
        return window;
    }

    private static bool IsAllowed(UserAccount user, Ipv4Prefix destination)
    {
        foreach (Ipv4Prefix prefix in user.Prefixes)
            if (prefix.Contains(destination))
                return true;
        return false;
    }

    private static string PrefixList(UserAccount user) => user.Prefixes.Count == 0 ? "none" : string.Join(", ", user.Prefixes);

    private static string Seconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);

    private static RequestRefusal Stale(string text) => new(RequestError.Stale, HeaderNames.Issued, text + ".");
}
