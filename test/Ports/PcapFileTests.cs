using System.Buffers.Binary;
using System.Diagnostics;
using NetServ.Packets;

namespace NetServ.Ports.Tests;

public sealed class PcapFileTests
{
    private static readonly DateTimeOffset Time = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    [Test]
    public void What_is_written_is_read_back_to_a_hundred_nanoseconds()
    {
        using MemoryStream stream = new(Written());
        using PcapReader reader = new(stream);
        PcapRecord[] records = [.. reader.ReadAll()];
        Assert.That(records.Select(r => r.Data), Is.EqualTo(new[] { Frame(1), Frame(2) }));
        Assert.That(records.Select(r => r.Time), Is.EqualTo(new[] { Time, Time.AddTicks(1234567) }));
        Assert.That(records.Select(r => r.OriginalLength), Is.EqualTo(new[] { 92, 92 }));
    }

    [Test]
    public void Tshark_reads_what_is_written()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Written());
            string output = Tool("tshark", "-r", path, "-T", "fields", "-e", "frame.time_epoch", "-e", "udp.dstport", "-e", "udp.checksum.status", "-o", "udp.check_checksum:TRUE");
            Assert.That(output, Does.Contain("\t5060\t1").And.Contain(".123456700"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void Classic_files_are_read_in_both_byte_orders_and_both_resolutions([Values] bool bigEndian, [Values] bool nanoseconds)
    {
        using MemoryStream stream = new();
        void U32(uint value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
            stream.Write(bytes);
        }
        uint versions = bigEndian ? 0x0002_0004u : 0x0004_0002u;
        foreach (uint value in (uint[])[nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, versions, 0, 0, 65535, 1])
            U32(value);
        foreach (uint value in (uint[])[1000, nanoseconds ? 5000u : 5u, 3, 1500])
            U32(value);
        stream.Write([7, 8, 9]);
        stream.Position = 0;

        using PcapReader reader = new(stream);
        PcapRecord record = reader.Read()!;
        Assert.That(record.Time, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1000).AddTicks(50)));
        Assert.That(record.Data, Is.EqualTo(new byte[] { 7, 8, 9 }));
        Assert.That(record.OriginalLength, Is.EqualTo(1500));
        Assert.That(reader.Read(), Is.Null);
    }

    [Test]
    public void The_pcapng_that_editcap_makes_of_a_file_has_the_same_frames()
    {
        string classic = Path.GetTempFileName();
        string blocks = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(classic, Written());
            Tool("editcap", "-F", "pcapng", classic, blocks);
            using PcapReader reader = PcapReader.Open(blocks);
            PcapRecord[] records = [.. reader.ReadAll()];
            Assert.That(records.Select(r => r.Data), Is.EqualTo(new[] { Frame(1), Frame(2) }));
            Assert.That(records[1].Time, Is.EqualTo(Time.AddTicks(1234567)));
        }
        finally
        {
            File.Delete(classic);
            File.Delete(blocks);
        }
    }

    [Test]
    public void A_file_cut_anywhere_gives_whole_frames_or_an_error_with_an_offset()
    {
        byte[] whole = Written();
        int[] clean = [24, 24 + 16 + 92, whole.Length];
        for (int length = 0; length <= whole.Length; length++)
        {
            if (clean.Contains(length))
                Assert.That(ReadAll(whole[..length]), Is.EqualTo(Array.IndexOf(clean, length)), $"{length} bytes");
            else
                Assert.That(() => ReadAll(whole[..length]), Throws.TypeOf<PcapFormatException>().With.Message.Contains("offset"), $"{length} bytes");
        }
    }

    [TestCase(0, "no magic number")]
    [TestCase(20, "link type 254 is not Ethernet")]
    [TestCase(24 + 11, "longer than any")]
    public void A_damaged_field_is_named_with_its_offset(int at, string expected)
    {
        byte[] file = Written();
        file[at] ^= 0xff;
        Assert.That(() => ReadAll(file), Throws.TypeOf<PcapFormatException>().With.Message.Contains(expected));
    }

    [TestCase(113, "link type 113 (Linux cooked) is not Ethernet (1)")]
    [TestCase(101, "link type 101 (IP without a link layer) is not Ethernet (1)")]
    public void A_usual_link_type_is_refused_by_its_name(byte linkType, string expected)
    {
        byte[] file = Written();
        file[20] = linkType;
        Assert.That(() => ReadAll(file), Throws.TypeOf<PcapFormatException>().With.Message.Contains(expected));
    }

    [Test]
    public void Damaged_files_throw_nothing_but_format_errors()
    {
        byte[][] seeds = [Written(), Blocks()];
        Random random = new(4711);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] file = (byte[])seeds[round % 2].Clone();
            for (int i = random.Next(1, 6); i > 0; i--)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            try
            {
                ReadAll(file[..random.Next(file.Length + 1)]);
            }
            catch (PcapFormatException)
            {
            }
        }
    }

    [Test]
    public void Simple_and_enhanced_packet_blocks_are_read_and_others_skipped()
    {
        using PcapReader reader = new(new MemoryStream(Blocks()));
        PcapRecord[] records = [.. reader.ReadAll()];
        Assert.That(records.Select(r => r.Data), Is.EqualTo(new byte[][] { [1, 2, 3, 4, 5], [6, 7, 8] }));
        Assert.That(records[0].Time, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(2)));
    }

    private static int ReadAll(byte[] file)
    {
        using PcapReader reader = new(new MemoryStream(file));
        return reader.ReadAll().Count();
    }

    private static byte[] Written()
    {
        using MemoryStream stream = new();
        using (PcapWriter writer = new(stream))
        {
            writer.Write(Time, Frame(1));
            writer.Write(Time.AddTicks(1234567), Frame(2));
        }
        return stream.ToArray();
    }

    private static byte[] Blocks()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        void Block(uint type, byte[] body)
        {
            uint total = (uint)(12 + body.Length);
            writer.Write(type);
            writer.Write(total);
            writer.Write(body);
            writer.Write(total);
        }
        Block(0x0a0d0d0a, [0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]);
        Block(1, [1, 0, 0, 0, 0, 0, 0, 0]);
        Block(5, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        // Stamp 2,000,000 us, captured 5 of 5.
        Block(6, [0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x84, 0x1e, 0, 5, 0, 0, 0, 5, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0]);
        Block(3, [3, 0, 0, 0, 6, 7, 8, 0]);
        return stream.ToArray();
    }

    private static byte[] Frame(int number)
    {
        byte[] frame = new byte[92];
        Frames.WriteUdp(frame, new MacAddress(1), new MacAddress(2), new Ipv4Address(0x0a000001), new Ipv4Address(0x0a000002), (ushort)number, 5060, new byte[50]);
        return frame;
    }

    private static string Tool(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, error.Result);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore($"{program} is not installed");
            return "";
        }
    }
}
