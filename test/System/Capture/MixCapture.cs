using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Capture;

/// <summary>
/// A capture of many protocols: six phones and a SIP server, DNS, the web behind a gateway, pings, ARP, IPv6, VLANs, fragments, multicast, frames that no
/// switch forwards, and what randpkt makes. Put together by text2pcap, editcap and mergecap.
/// </summary>
internal static class MixCapture
{
    private const int Phones = 6;
    private static readonly Host s_server = new("02:00:00:00:00:01", "10.1.0.1");
    private static readonly Host s_dns = new("02:00:00:00:00:02", "10.1.0.2");
    private static readonly Host s_gateway = new("02:00:00:00:00:03", "10.1.0.254");
    private static readonly Host s_silent = new("02:00:00:00:00:04", "10.1.0.99");
    private static readonly Host s_web = s_gateway with { Ip = "192.0.2.80" };

    public static string[] Tools => ["text2pcap", "editcap", "mergecap", "randpkt", "tshark", "python3"];

    /// <summary>What a switch with the filter "udp 10.1.0.1:5060" steers, as a display filter: whole packets, to one host.</summary>
    public static string Steered => "ip.dst == 10.1.0.1 && udp.dstport == 5060 && ip.flags.mf == 0 && ip.frag_offset == 0 && eth.dst.ig == 0 && eth.type != 0x88a8 && !(vlan.etype == 0x8100) && !(frame.len > frame.cap_len)";

    /// <summary>Writes it into a folder.</summary>
    public static string Write(string folder)
    {
        string At(string name) => Path.Combine(folder, name);
        Write(At("talk.pcap"), [.. Enumerable.Range(0, Phones).SelectMany(Talk), .. Oddities()]);
        Write(At("long.pcap"), [HostTalk.Udp(Phone(0), s_server, 5060, 5060, new string('x', 800))]);
        ExternalTool.Run("editcap", "-F", "pcap", "-s", "100", At("long.pcap"), At("cut.pcap"));
        string[] random = ["arp", "dns", "ip", "ipv6", "eth", "sctp"];
        foreach (string type in random)
            ExternalTool.TryRun("randpkt", "-b", "300", "-c", "15", "-t", type, At($"random-{type}.pcap"));
        ExternalTool.Run("mergecap", ["-a", "-w", At("mix.pcapng"), At("talk.pcap"), At("cut.pcap"), .. random.Select(type => At($"random-{type}.pcap"))]);
        return At("mix.pcapng");
    }

    /// <summary>Writes frames as a capture with text2pcap.</summary>
    public static void Write(string path, IEnumerable<byte[]> frames)
    {
        File.WriteAllLines($"{path}.txt", frames.Select(f => $"000000 {string.Join(' ', f.Select(b => $"{b:x2}"))}"));
        ExternalTool.Run("text2pcap", "-q", "-F", "pcap", $"{path}.txt", path);
    }

    /// <summary>A keep-alive, or another NOTIFY.</summary>
    public static string Notify(int phone, int sequence, string subject = "keep-alive") =>
        $"NOTIFY sip:10.1.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP h{phone};branch=z9hG4bK{phone}-{sequence}\r\nMax-Forwards: 70\r\nFrom: <sip:{phone}@h>;tag=a\r\n"
        + $"To: <sip:s@10.1.0.1>\r\nCall-ID: c{phone}-{sequence}@h\r\nCSeq: {sequence} NOTIFY\r\nEvent: {subject}\r\nContent-Length: 0\r\n\r\n";

    private static Host Phone(int number) => new($"02:00:00:00:00:{16 + number:x2}", $"10.1.0.{10 + number}");

    private static IEnumerable<byte[]> Talk(int number)
    {
        Host phone = Phone(number);
        ushort id = (ushort)(100 * number);
        yield return HostTalk.Arp(phone, s_server.Ip);
        yield return HostTalk.Arp(s_server, phone.Ip, phone);
        yield return HostTalk.Udp(phone, s_server, 5060, 5060, Notify(number, 1, "presence"), ++id);
        byte[] keepAlive = HostTalk.Udp(phone, s_server, 5060, 5060, Notify(number, 2), ++id);
        yield return keepAlive;
        yield return HostTalk.Udp(phone, s_server, 5060, 5060, Notify(number, 3), ++id, dscp: 46);
        yield return keepAlive;
        yield return HostTalk.Udp(phone, s_server, 5062, 5060, "REGISTER sip:10.1.0.1 SIP/2.0\r\n\r\n");
        yield return HostTalk.Tagged(HostTalk.Udp(phone, s_server, 5060, 5060, Notify(number, 4)), 0x2000 | 10);
        foreach (byte[] frame in Others(number, phone))
            yield return frame;
    }

    private static IEnumerable<byte[]> Others(int number, Host phone)
    {
        ushort port = (ushort)(40_000 + number);
        const string question = "\0\u0007\u0001\0\0\u0001\0\0\0\0\0\0\u0003www\u0007example\u0003com\0\0\u0001\0\u0001";
        yield return HostTalk.Udp(phone, s_dns, port, 53, question);
        yield return HostTalk.Udp(s_dns, phone, 53, port, question);
        yield return HostTalk.Tagged(HostTalk.Udp(phone, s_dns, port, 53, question), 10);
        yield return HostTalk.Tagged(HostTalk.Udp(phone, s_dns, port, 53, question), 0x6000);
        yield return HostTalk.Ping(phone, s_dns, reply: false, 1);
        yield return HostTalk.Ping(s_dns, phone, reply: true, 1);
        yield return HostTalk.Tcp(phone, s_web, port, 80, 1);
        yield return HostTalk.Tcp(phone, s_web, port, 80, 2, "GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n");
        yield return HostTalk.Tcp(s_web, phone, 80, port, 1, "HTTP/1.1 200 OK\r\nContent-Length: 1300\r\n\r\n" + new string('x', 1300));
        yield return HostTalk.Tcp(phone, s_server, port, 5060, 1);
        yield return HostTalk.Udp(phone, s_silent, port, 514, "<13>one way");
        yield return HostTalk.Udp(phone, new Host("01:00:5e:00:00:fb", "224.0.0.251"), 5353, 5353, question);
        yield return HostTalk.Udp(phone with { Ip = "0.0.0.0" }, new Host(HostTalk.Everybody, "255.255.255.255"), 68, 67, new string('d', 240));
        yield return HostTalk.Udp6(phone.Mac, "33:33:00:00:00:fb", $"fe80::{number + 16:x}", "ff02::fb", 5353, question);
        yield return HostTalk.Udp6(phone.Mac, s_dns.Mac, $"fe80::{number + 16:x}", "fe80::2", 53, question);
        foreach (byte[] fragment in HostTalk.Fragments(phone, s_server, 5060, 5060, (ushort)(900 + number)))
            yield return fragment;
    }

    /// <summary>What is left out for a reason, and what looks as if it should be.</summary>
    private static IEnumerable<byte[]> Oddities()
    {
        Host phone = Phone(0);
        byte[] sip = HostTalk.Udp(phone, s_server, 5070, 5060, "OPTIONS sip:10.1.0.1 SIP/2.0\r\n\r\n");
        yield return HostTalk.Raw(phone.Mac, "01:80:c2:00:00:0e", 0x88cc, 60);
        yield return HostTalk.Raw(phone.Mac, "01:80:c2:00:00:00", 38, 46);
        yield return HostTalk.Raw(phone.Mac, s_dns.Mac, 0x88b5, 46);
        yield return HostTalk.Raw(phone.Mac, s_dns.Mac, 46, 46);
        yield return HostTalk.Raw(phone.Mac, s_dns.Mac, 0x88b6, 1504);
        yield return HostTalk.Udp(phone, s_dns, 40_000, 270, "signaling");
        yield return HostTalk.Tagged(sip, 10, 0x88a8);
        yield return HostTalk.Tagged(HostTalk.Tagged(sip, 20), 10);
        yield return HostTalk.Between(sip, phone.Mac, HostTalk.Everybody);
        yield return HostTalk.Between(HostTalk.Udp(phone, s_web, 40_000, 8080, "loopback"), "00:00:00:00:00:00", "00:00:00:00:00:00");
        yield return HostTalk.Between(HostTalk.Raw(phone.Mac, s_dns.Mac, 0x9000, 46), "00:00:00:00:00:00", "00:00:00:00:00:00");
    }
}
