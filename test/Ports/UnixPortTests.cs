using System.Net.Sockets;

namespace NetServ.Ports.Tests;

public sealed class UnixPortTests
{
    private string _directory = "";

    private string SocketPath => Path.Combine(_directory, "port.sock");

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("ports-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task A_hundred_thousand_frames_cross_in_order_and_whole()
    {
        const int Count = 100_000;
        using IPort listener = Open($"unix-listen:{SocketPath}", TimeSpan.FromSeconds(10));
        using IPort connector = Open($"unix:{SocketPath}", TimeSpan.FromSeconds(10));
        await connector.Reaches(PortState.Up);
        await listener.Reaches(PortState.Up);

        Task sending = Task.Run(() =>
        {
            FrameBatch batch = new();
            for (int i = 0; i < Count; i++)
            {
                byte[] frame = PortTestExtensions.Frame(i, 14 + i % 1500);
                if (batch.IsFull || !batch.TryAdd(frame))
                {
                    connector.Send(batch);
                    batch.Clear();
                    batch.TryAdd(frame);
                }
            }
            connector.Send(batch);
        });
        List<byte[]> received = listener.Take(Count);
        await sending;

        Assert.That(received, Has.Count.EqualTo(Count));
        for (int i = 0; i < Count; i++)
            Assert.That(received[i].AsSpan().SequenceEqual(PortTestExtensions.Frame(i, 14 + i % 1500)), Is.True, $"frame {i}");
        Assert.That(listener.Statistics, Is.EqualTo(new PortStatistics(Count, received.Sum(f => (long)f.Length), 0, 0, 0, 0)));
        Assert.That(connector.Statistics, Is.EqualTo(new PortStatistics(0, 0, 0, Count, received.Sum(f => (long)f.Length), 0)));
    }

    [Test]
    public async Task A_listening_port_takes_the_next_peer_after_one_has_left()
    {
        using IPort listener = Open($"unix-listen:{SocketPath}");
        for (int round = 0; round < 5; round++)
        {
            using (IPort connector = Open($"unix:{SocketPath}"))
            {
                await connector.Reaches(PortState.Up);
                await listener.Reaches(PortState.Up);
                Assert.That(connector.Send(PortTestExtensions.Frame(round, 100)), Is.True);
                Assert.That(listener.Take(1), Is.EqualTo(new[] { PortTestExtensions.Frame(round, 100) }));
                Assert.That(listener.Send(PortTestExtensions.Frame(~round, 60)), Is.True);
                Assert.That(connector.Take(1), Is.EqualTo(new[] { PortTestExtensions.Frame(~round, 60) }));
            }
            FrameBatch batch = new();
            Task down = listener.Reaches(PortState.Down);
            while (!down.IsCompleted)
                listener.Receive(batch, TimeSpan.FromMilliseconds(20));
            await down;
        }
    }

    [Test]
    public async Task A_connecting_port_comes_back_when_its_peer_does()
    {
        using IPort connector = Open($"unix:{SocketPath}");
        Assert.That(connector.State, Is.EqualTo(PortState.Down));
        for (int round = 0; round < 3; round++)
        {
            using IPort listener = Open($"unix-listen:{SocketPath}");
            await connector.Reaches(PortState.Up);
            Assert.That(connector.Send(PortTestExtensions.Frame(round, 70)), Is.True);
            Assert.That(listener.Take(1), Is.EqualTo(new[] { PortTestExtensions.Frame(round, 70) }));
            listener.Dispose();
            Assert.That(connector.Take(1, TimeSpan.FromMilliseconds(1)), Is.Empty);
            await connector.Reaches(PortState.Down);
        }
    }

    [Test]
    public void Frames_sent_without_a_peer_are_dropped_and_counted()
    {
        using IPort listener = Open($"unix-listen:{SocketPath}");
        FrameBatch batch = new();
        batch.TryAdd(new byte[60]);
        batch.TryAdd(new byte[60]);
        Assert.That(listener.Send(new byte[60]), Is.False);
        Assert.That(listener.Send(batch), Is.Zero);
        Assert.That(listener.Statistics, Is.EqualTo(new PortStatistics(0, 0, 0, 0, 0, 3)));
    }

    [Test]
    public async Task Frames_that_arrive_byte_by_byte_are_put_together_and_empty_records_counted()
    {
        using IPort listener = Open($"unix-listen:{SocketPath}");
        using Socket peer = Connect();
        await listener.Reaches(PortState.Up);
        byte[] stream = [0, 3, 1, 2, 3, 0, 0, 0, 2, 4, 5];
        List<byte[]> received = [];
        FrameBatch batch = new();
        foreach (byte octet in stream)
        {
            peer.Send([octet]);
            listener.Receive(batch, TimeSpan.FromMilliseconds(1));
            for (int i = 0; i < batch.Count; i++)
                received.Add(batch[i].ToArray());
        }
        received.AddRange(listener.Take(2 - received.Count));
        Assert.That(received, Is.EqualTo(new byte[][] { [1, 2, 3], [4, 5] }));
        Assert.That(listener.Statistics.RxDrops, Is.EqualTo(1));
    }

    [Test]
    public async Task The_longest_frame_crosses_and_the_empty_one_is_refused()
    {
        using IPort listener = Open($"unix-listen:{SocketPath}");
        using IPort connector = Open($"unix:{SocketPath}");
        await connector.Reaches(PortState.Up);
        await listener.Reaches(PortState.Up);
        byte[] longest = PortTestExtensions.Frame(1, FrameBatch.MaxFrameSize);
        Assert.That(connector.Send(ReadOnlySpan<byte>.Empty), Is.False);
        Assert.That(connector.Send(new byte[FrameBatch.MaxFrameSize + 1]), Is.False);
        Assert.That(connector.Send(longest), Is.True);
        Assert.That(listener.Take(1), Is.EqualTo(new[] { longest }));
        Assert.That(connector.Statistics.TxDrops, Is.EqualTo(2));
    }

    [Test]
    public async Task A_peer_that_does_not_read_costs_frames_but_never_the_place_in_the_stream()
    {
        using IPort listener = Open($"unix-listen:{SocketPath}", TimeSpan.FromMilliseconds(1));
        using IPort connector = Open($"unix:{SocketPath}");
        await connector.Reaches(PortState.Up);
        await listener.Reaches(PortState.Up);
        int sent = 0;
        int count = 0;
        FrameBatch batch = new();
        while (count < 200_000 && listener.Statistics.TxDrops < 1000)
        {
            batch.Clear();
            while (batch.Count < 60)
                batch.TryAdd(PortTestExtensions.Frame(count++, 3001));
            sent += listener.Send(batch);
        }
        Assert.That(listener.Statistics.TxDrops, Is.GreaterThanOrEqualTo(1000));
        List<byte[]> received = connector.Take(sent - 1);
        Assert.That(listener.Send(PortTestExtensions.Frame(count, 3001)), Is.True, "there is room again");
        received.AddRange(connector.Take(sent + 1 - received.Count));
        Assert.That(received, Has.Count.EqualTo(sent + 1));
        int expected = 0;
        foreach (byte[] frame in received)
        {
            while (expected <= count && !frame.AsSpan().SequenceEqual(PortTestExtensions.Frame(expected, 3001)))
                expected++;
        }
        Assert.That(expected, Is.EqualTo(count), "what arrives is what was sent, in order, some missing");
    }

    [Test]
    public void A_socket_nobody_listens_at_is_replaced()
    {
        using (Socket stale = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Moved, or the class library would remove it with the socket.
            stale.Bind(new UnixDomainSocketEndPoint(SocketPath + ".old"));
            File.Move(SocketPath + ".old", SocketPath);
        }
        Assert.That(File.Exists(SocketPath), Is.True);
        using IPort listener = Open($"unix-listen:{SocketPath}");
        using Socket peer = Connect();
        Assert.That(peer.Connected, Is.True);
    }

    [Test]
    public void A_socket_somebody_listens_at_is_left_alone()
    {
        using IPort first = Open($"unix-listen:{SocketPath}");
        PortException? error = Assert.Throws<PortException>(() => Open($"unix-listen:{SocketPath}"));
        Assert.That(error!.Message, Does.Contain("somebody listens").And.Contain(SocketPath));
        Assert.That(File.Exists(SocketPath), Is.True);
    }

    [Test]
    public void A_file_that_is_no_socket_is_left_alone()
    {
        File.WriteAllText(SocketPath, "precious");
        PortException? error = Assert.Throws<PortException>(() => Open($"unix-listen:{SocketPath}"));
        Assert.That(error!.Message, Does.Contain("remove it or choose another path"));
        Assert.That(File.ReadAllText(SocketPath), Is.EqualTo("precious"));
    }

    [Test]
    public void A_missing_directory_is_named()
    {
        PortException? error = Assert.Throws<PortException>(() => Open($"unix-listen:{_directory}/none/a.sock"));
        Assert.That(error!.Message, Does.Contain($"{_directory}/none does not exist"));
    }

    [Test]
    public async Task Closing_wakes_who_receives([Values] bool withPeer)
    {
        IPort listener = Open($"unix-listen:{SocketPath}");
        using IPort? connector = withPeer ? Open($"unix:{SocketPath}") : null;
        if (withPeer)
            await listener.Reaches(PortState.Up);
        using ManualResetEventSlim begun = new();
        Task<int> receiving = Task.Run(() =>
        {
            begun.Set();
            return listener.Receive(new FrameBatch(), Timeout.InfiniteTimeSpan);
        });
        begun.Wait();
        listener.Dispose();
        Assert.That(await receiving.WaitAsync(PortTestExtensions.Long), Is.Zero);
        Assert.That(listener.State, Is.EqualTo(PortState.Closed));
        Assert.That(File.Exists(SocketPath), Is.False);
    }

    [Test]
    public async Task Receiving_and_sending_allocate_nothing()
    {
        using IPort listener = Open($"unix-listen:{SocketPath}");
        using IPort connector = Open($"unix:{SocketPath}");
        await connector.Reaches(PortState.Up);
        await listener.Reaches(PortState.Up);
        FrameBatch batch = new();
        byte[] frame = new byte[60];
        void Round()
        {
            batch.Clear();
            for (int i = 0; i < 32; i++)
                batch.TryAdd(frame);
            connector.Send(batch);
            while (listener.Receive(batch, TimeSpan.FromSeconds(1)) == 0)
            {
            }
            listener.Receive(batch, TimeSpan.Zero);
        }
        for (int i = 0; i < 200; i++)
            Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++)
            Round();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static IPort Open(string spec, TimeSpan? sendWait = null) => PortFactory.Open(PortSpec.Parse(spec), sendWait: sendWait);

    private Socket Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
        return socket;
    }
}
