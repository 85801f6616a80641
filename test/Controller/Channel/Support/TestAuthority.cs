using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NetServ.Controller.Configuration;

namespace NetServ.Controller.Tests.Channel;

/// <summary>A certificate authority with files in a folder of its own.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _own;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ca-");
    private byte _serial = 1;

    public TestAuthority(string name = "switches")
    {
        CertificateRequest request = new($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(CaFile, _own.ExportCertificatePem());
    }

    public string Folder => _folder.FullName;

    public string CaFile => Path.Combine(Folder, "ca.pem");

    /// <summary>Writes NAME.pem and NAME.key, and returns the certificate with its key.</summary>
    public X509Certificate2 Issue(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, false));
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 issued = request.Create(_own, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(7), [++_serial]);
        File.WriteAllText(Path.Combine(Folder, $"{name}.pem"), issued.ExportCertificatePem());
        File.WriteAllText(Path.Combine(Folder, $"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        return X509Certificate2.CreateFromPemFile(Path.Combine(Folder, $"{name}.pem"), Path.Combine(Folder, $"{name}.key"));
    }

    /// <summary>For a controller that trusts this authority.</summary>
    public TlsOptions Options() => new(Issue("controller"), [X509CertificateLoader.LoadCertificate(_own.RawData)]);

    public static string HashOf(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    public void Dispose()
    {
        _own.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }
}
