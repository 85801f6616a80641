using System.ComponentModel;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NetServ.Controller.Configuration;
using NetServ.Controller.Core.Switches;

namespace NetServ.Controller.OpenFlow.Tls;

/// <summary>
/// Speaks TLS 1.2 or 1.3 with switches that show a certificate of our authorities, and hands the loop a local stream with the plain bytes and the
/// peer's identity. A handshake that takes long is ended; so is the oldest, if there are too many.
/// </summary>
internal sealed class TlsFront(ChannelOptions options, SwitchLoop loop, ISwitchEvents events) : IDisposable
{
    private readonly LinkedList<CancellationTokenSource> _handshakes = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly SslServerAuthenticationOptions _server = new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(options.Tls!.Certificate, options.Tls.Authorities, offline: true),
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        AllowRenegotiation = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = PolicyOf(options.Tls.Authorities),
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is not null && errors == SslPolicyErrors.None,
    };

    /// <summary>Takes a connection that has just arrived.</summary>
    public void Take(Socket socket, IPEndPoint remote) => _ = Task.Run(() => ServeAsync(socket, remote));

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private async Task ServeAsync(Socket socket, IPEndPoint remote)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        socket.Blocking = true;
        await using NetworkStream network = new(socket, ownsSocket: true);
        await using SslStream secure = new(network);
        string peer = $"tls:{SwitchLoop.Describe(remote)}";
        try
        {
            await HandshakeAsync(secure);
            (Socket ours, Socket theirs) = LocalStream.Create();
            using (ours)
            {
                loop.Adopt(theirs, peer, IdentityOf(secure, remote), () => EndSoon(end));
                await new TlsPump(secure, ours).RunAsync(end.Token);
            }
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException or Win32Exception or ObjectDisposedException)
        {
            if (!secure.IsAuthenticated)
                events.Refused($"{peer}: no TLS: {Explain(e)}; the switch needs a certificate of $.tls.ca: ovs-vsctl set-ssl KEY CERTIFICATE CA");
        }
    }

    private async Task HandshakeAsync(SslStream secure)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(options.TlsWithin);
        LinkedListNode<CancellationTokenSource> place = Enter(patience);
        try
        {
            await secure.AuthenticateAsServerAsync(_server, patience.Token);
        }
        finally
        {
            Leave(place);
        }
    }

    private LinkedListNode<CancellationTokenSource> Enter(CancellationTokenSource patience)
    {
        lock (_handshakes)
        {
            if (_handshakes.Count >= options.MaxTlsHandshakes)
            {
                _handshakes.First!.Value.CancelAfter(0);
                _handshakes.RemoveFirst();
            }
            return _handshakes.AddLast(patience);
        }
    }

    private void Leave(LinkedListNode<CancellationTokenSource> place)
    {
        lock (_handshakes)
        {
            if (place.List is not null)
                _handshakes.Remove(place);
        }
    }

    private static PeerIdentity IdentityOf(SslStream secure, IPEndPoint remote) =>
        new(SwitchLoop.Plain(remote.Address).ToString(), secure.RemoteCertificate!.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant());

    // What the session said last is still to be sent; a peer that does not read it must not keep the connection.
    private static void EndSoon(CancellationTokenSource end)
    {
        try
        {
            end.CancelAfter(1000);
        }
        catch (ObjectDisposedException)
        {
            // It is over already.
        }
    }

    private static string Explain(Exception fault) => fault switch
    {
        OperationCanceledException => "the handshake took too long, or too many are under way",
        _ => fault.InnerException is { } inner ? $"{fault.Message} ({inner.Message})" : fault.Message,
    };
}
