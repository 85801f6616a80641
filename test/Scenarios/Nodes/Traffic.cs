namespace NetServ.Scenarios.Nodes;

/// <summary>Flows from alice to bob, a packet of each every 20 ms; the filter "udp 10.0.0.2 5060" with its module is in force.</summary>
internal sealed class Traffic : IDisposable
{
    private readonly World _world;
    private readonly int _flows;
    private ITimer? _timer;

    public Traffic(World world, int flows, params (string Name, string Value)[] terms)
    {
        world.Introduce();
        Assert.That(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", terms).Refusal, Is.Null);
        world.Forget();
        (_world, _flows) = (world, flows);
        Start();
    }

    /// <summary>Packets since the last start.</summary>
    public int Sent { get; private set; }

    public void Start()
    {
        Sent = 0;
        _timer = _world.Network.Clock.CreateTimer(_ => Send(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(20));
    }

    public void Stop() => _timer?.Dispose();

    public void Dispose() => Stop();

    private void Send()
    {
        for (ushort port = 100; port < 100 + _flows; port++)
            _world.Alice.SendUdp(_world.Bob.Address, 5060, "x"u8, port);
        Sent += _flows;
    }
}
