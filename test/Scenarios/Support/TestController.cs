using System.Collections.Immutable;
using System.Security.Cryptography;
using NetServ.Controller.Core;
using NetServ.Controller.Core.Admission;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Modules;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Store;
using NetServ.Controller.Core.Verification;
using NetServ.Emulation;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Scenarios;

/// <summary>The real Core and real sessions on the network's clock; each input of Core takes a moment, as between threads.</summary>
internal sealed class TestController : IDisposable
{
    private const string UserHeader = "user";

    private static readonly string[] s_names = ["alice", "bob"];

    private readonly EmulatedNetwork _network;
    private readonly CoreOptions _options;
    private readonly UserDirectory _users;
    private ControllerCore _core = null!;
    private int _life;
    private TimeSpan _standsUntil;
    private readonly Dictionary<string, RequestSigner> _signers = [];
    private readonly List<SessionChannel> _channels = [];
    private readonly Dictionary<long, TestNode> _streams = [];
    private readonly Random _random = new(7);
    private readonly Dictionary<long, RequestOutcome> _replies = [];
    private long _lastId;
    private long _lastTicket;

    public TestController(EmulatedNetwork network, CoreOptions options, SwitchSessionOptions sessions)
    {
        _network = network;
        SessionOptions = sessions;
        bool good = UserDirectory.TryCreate([.. s_names.Select(NewUser)], out UserDirectory? users, out _);
        if (!good)
            throw new InvalidOperationException("alice or bob is no good user");
        (_options, _users) = (options, users!);
        Begin();
        TimeSpan tick = TimeSpan.FromMilliseconds(25);
        network.Clock.CreateTimer(_ => Tell(new CoreInput.Tick()), null, tick, tick);
        TimeSpan count = TimeSpan.FromMilliseconds(250);
        network.Clock.CreateTimer(_ => Tell(new CoreInput.FlowsCounted([.. Snapshot.Nodes.Select(n => (n.NodeId, Pins.Loads.Of(n.NodeId)))])), null, count, count);
    }

    public SwitchSessionOptions SessionOptions { get; private set; }

    /// <summary>Does a piece of the controller's work; whoever wants to know what it costs puts a clock around it.</summary>
    public Action<Action> Work { get; init; } = work => work();

    /// <summary>Puts something between a session and its switch.</summary>
    public Func<IControllerChannel, IControllerChannel> Wrap { get; init; } = channel => channel;

    /// <summary>How long an input of Core is on its way to it.</summary>
    public TimeSpan HandOver { get; set; } = TimeSpan.FromMicroseconds(20);

    /// <summary>What outlives a <see cref="Kill"/>.</summary>
    public MemoryStore Store { get; } = new();

    public bool IsUp { get; private set; } = true;

    /// <summary>The process is gone: all it knew, all its connections, without a word.</summary>
    public void Kill()
    {
        IsUp = false;
        _life++;
        foreach (SessionChannel channel in _channels)
            channel.Link!.Disconnect();
        _streams.Clear();
        Snapshot = Snapshot.Empty;
    }

    /// <summary>It is started again with what the store has.</summary>
    public void StartAgain()
    {
        IsUp = true;
        Begin();
        _network.Clock.Schedule(HandOver * 2, () =>
        {
            foreach (SessionChannel channel in _channels.Where(c => c.IsReachable))
                channel.Link!.Connect();
        });
    }

    public HostDirectory Hosts { get; private set; } = null!;

    public FlowPins Pins { get; private set; } = null!;

    public ControllerCore Core => _core;

    public Snapshot Snapshot { get; private set; } = Snapshot.Empty;

    public List<CoreEffect.Report> Reports { get; } = [];

    public IReadOnlyList<SessionChannel> Channels => _channels;

    public ControllerLink Attach(NetworkSwitch at)
    {
        SessionChannel channel = new(this, 0);
        _channels.Add(channel);
        channel.Link = _network.AttachController(at, Wrap(channel));
        return channel.Link;
    }

    public void Dispose()
    {
        foreach (RequestSigner signer in _signers.Values)
            signer.Dispose();
    }

    public RequestOutcome Setup(string module, string filter, params (string Name, string Value)[] more) => Wait(Send(RequestCommand.Setup, module, filter, more));

    public RequestOutcome Remove(string module, params (string Name, string Value)[] more) => Wait(Send(RequestCommand.Remove, module, "", more));

    /// <summary>Sends a request without waiting; the answer comes as time passes.</summary>
    public long Send(RequestCommand command, string module, string filter, params (string Name, string Value)[] more) =>
        SendText(Sign(command, module, filter, more), dryRun: false);

    public long SendText(byte[] text, bool dryRun)
    {
        long ticket = ++_lastTicket;
        Tell(new CoreInput.Submitted(ticket, [.. text], RequestOrigin.OperatorApi, "", 0, dryRun, 0, _network.Clock.GetUtcNow()));
        return ticket;
    }

    /// <summary>"udp 10.0.0.2 5060" and such, in the words of the request; alice's unless it names another user.</summary>
    public byte[] Sign(RequestCommand command, string module, string filter, params (string Name, string Value)[] more)
    {
        string user = more.Where(m => m.Name == UserHeader).Select(m => m.Value).FirstOrDefault(s_names[0]);
        List<RequestHeader> headers = [new(UserHeader, user), .. more.Where(m => m.Name != UserHeader).Select(m => new RequestHeader(m.Name, m.Value))];
        if (command == RequestCommand.Setup)
        {
            headers.Add(new RequestHeader("url", "http://modules.example/m.nupkg"));
            headers.Add(new RequestHeader("checksum", "sha256:" + new string('a', 64)));
            string[] words = filter.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && words[0] != "ip")
                headers.Add(new RequestHeader("filter-proto", words[0]));
            if (words.Length > 1)
                headers.Add(new RequestHeader("filter-ipv4", words[1]));
            if (words.Length > 2)
                headers.Add(new RequestHeader("filter-port", words[2]));
        }
        return _signers[user].Sign(command, module, headers).ToBytes();
    }

    public RequestOutcome Wait(long ticket)
    {
        for (int i = 0; i < 2000 && !_replies.ContainsKey(ticket); i++)
            _network.Advance(TimeSpan.FromMilliseconds(10));
        return _replies.TryGetValue(ticket, out RequestOutcome? outcome) ? outcome : throw new InvalidOperationException("the request was never answered");
    }

    public RequestOutcome Drain(string node, int withinMs = 10_000) => Wait(Ask(node, resume: false, withinMs));

    public RequestOutcome Resume(string node) => Wait(Ask(node, resume: true, 0));

    public long Ask(string node, bool resume, int withinMs)
    {
        long ticket = ++_lastTicket;
        Tell(new CoreInput.DrainAsked(ticket, node, resume, withinMs));
        return ticket;
    }

    /// <summary>Calls flows back as an operator does; tells how many.</summary>
    public int Recall(string flows)
    {
        if (!PacketText.TryParseFlows(flows, out Predicate<FiveTuple>? isMeant, out string? error))
            throw new ArgumentException(error, nameof(flows));
        Dictionary<ulong, HashSet<FlowId>> bySwitch = Pins.Recall(isMeant);
        Release(bySwitch, released: false, (long)_network.Clock.Now.TotalMilliseconds);
        return bySwitch.Values.Sum(f => f.Count);
    }

    public bool IsAnswered(long ticket) => _replies.ContainsKey(ticket);

    /// <summary>From now on for so long this machine does other things: what Core is told waits.</summary>
    public void StandStill(TimeSpan time) => _standsUntil = _network.Clock.Now + time;

    public void Tell(CoreInput input)
    {
        if (!IsUp)
            return;
        int life = _life;
        TimeSpan wait = _standsUntil - _network.Clock.Now;
        _network.Clock.Schedule(wait > HandOver ? wait : HandOver, () =>
        {
            if (life == _life)
                Work(() => Dispatch(_core.Apply(input, (long)_network.Clock.Now.TotalMilliseconds).ToArray()));
        });
    }

    public long Connect(TestNode node, NodeGreeting greeting)
    {
        long stream = ++_lastId;
        _streams[stream] = node;
        Tell(new CoreInput.NodeConnected(stream, greeting, Random(32), Random(16)));
        return stream;
    }

    public ImmutableArray<byte> Random(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return [.. bytes];
    }

    internal long NewConnection() => ++_lastId;

    internal void Said(SessionChannel channel, SessionEvent said) => Tell(new CoreInput.SwitchReported(channel.Id, "emulated", said, Random(16)));

    internal void Lost(SessionChannel channel) => Tell(new CoreInput.SwitchGone(channel.Id, "the link was cut"));

    private UserAccount NewUser(string name)
    {
        (string privatePem, string publicPem) = SigningKeys.Create();
        _signers.Add(name, new RequestSigner(privatePem, _network.Clock, RandomNumberGenerator.Create()));
        return new UserAccount(name, publicPem, [Ipv4Prefix.Parse("10.0.0.0/8")]);
    }

    private void Begin()
    {
        SessionOptions = SessionOptions with { ProbeKey = Random(32) };
        Pins = SessionOptions.NewPins();
        Hosts = new HostDirectory();
        _core = new ControllerCore(_options, new AdmissionControl(_users, new AdmissionLimits()));
        Tell(new CoreInput.Restored([.. Store.List("")], _network.Clock.GetUtcNow()));
    }

    private void Dispatch(CoreEffect[] effects)
    {
        foreach (CoreEffect effect in effects)
            Dispatch(effect);
    }

    private void Release(Dictionary<ulong, HashSet<FlowId>> bySwitch, bool released, long now)
    {
        foreach (SessionChannel channel in _channels.Where(c => c.Session is not null && bySwitch.ContainsKey(c.Session.Dpid)))
            channel.Do(s => s.Release(bySwitch[s.Dpid], released, now));
    }

    private void Dispatch(CoreEffect effect)
    {
        long now = (long)_network.Clock.Now.TotalMilliseconds;
        switch (effect)
        {
            case CoreEffect.Persist persist:
                Store.TryChange(persist.Changes);
                break;
            case CoreEffect.Publish publish:
                Snapshot = publish.Snapshot;
                foreach (SessionChannel channel in _channels)
                    channel.Do(s => s.Apply(publish.Snapshot, publish.Token, now));
                break;
            case CoreEffect.PublishHosts publish:
                Hosts.News.Answer(publish.Heard);
                foreach (HostPlace host in publish.Hosts)
                {
                    if (Hosts.Take(host) || !host.Stays)
                        Hosts.Holders.Note(host.Key);
                }
                foreach (SessionChannel channel in _channels.Where(c => c.Session?.HasToMend == true))
                    channel.Do(s => s.Mend(now));
                break;
            case CoreEffect.SendFrame send:
                foreach (SessionChannel channel in _channels.Where(c => c.Id == send.SessionId))
                    channel.Do(s => s.SendFrame(send.Port, send.Frame.AsSpan()));
                break;
            case CoreEffect.PublishReleases publish:
                Release(Pins.Mark(publish.NodeId, publish.Flows.AsSpan(), publish.Released), publish.Released, now);
                break;
            case CoreEffect.AskPort ask:
                foreach (SessionChannel channel in _channels.Where(c => c.Id == ask.SessionId))
                    channel.Do(s => s.AskPort(ask.Port));
                break;
            case CoreEffect.TellNode tell:
                _network.Clock.Schedule(HandOver, () => _streams.GetValueOrDefault(tell.StreamId)?.Take(tell.StreamId, tell.Command));
                break;
            case CoreEffect.EndNode end:
                if (_streams.Remove(end.StreamId, out TestNode? node))
                    _network.Clock.Schedule(HandOver, () => node.Ended(end.StreamId));
                break;
            case CoreEffect.Reply reply:
                _replies[reply.Ticket] = reply.Outcome;
                break;
            case CoreEffect.Report report:
                Reports.Add(report);
                break;
        }
    }
}
