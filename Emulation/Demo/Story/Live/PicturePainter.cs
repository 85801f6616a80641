using System.Globalization;
using NetServ.Demo.Measuring;
using NetServ.Demo.Running;
using Spectre.Console;

namespace NetServ.Demo.Story.Live;

/// <summary>The controller above, the switch below it, hosts at its left, nodes at its right, and between their cables the two paths.</summary>
internal sealed class PicturePainter(Screen screen, SceneLayout layout, Scene scene)
{
    private const int ControllerHalf = 24;
    private const int LabelRoom = 10;

    private readonly PictureColumns _columns = new(screen.Width);
    private readonly int _switchTop = layout.Picture + 3 + layout.LinkRows;
    private readonly IReadOnlyList<PortReading> _hosts = Fitted(Hosts(scene.Readings), layout.PortRows);
    private readonly IReadOnlyList<PortReading> _nodes = Fitted(Nodes(scene.Readings), layout.PortRows);

    private (int Left, int Right) Controller => (_columns.Middle - ControllerHalf, _columns.Middle + ControllerHalf);

    private int FirstPort => _switchTop + 1;

    private int SwitchBottom => FirstPort + layout.PortRows;

    private Readings Readings => scene.Readings;

    /// <summary>The ports on the left.</summary>
    public static IReadOnlyList<PortReading> Hosts(Readings readings) => [.. readings.Ports.Where(p => p.Role == PortRole.Host)];

    /// <summary>The ports on the right.</summary>
    public static IReadOnlyList<PortReading> Nodes(Readings readings) => [.. readings.Ports.Where(p => p.Role == PortRole.Node)];

    /// <summary>Draws all of it.</summary>
    public void Draw()
    {
        DrawController();
        DrawUser();
        screen.Box(_columns.BoxLeft, _switchTop, _columns.BoxRight, SwitchBottom, lit: false, Style.Plain);
        DrawHeadings();
        DrawCables();
        DrawPaths();
        DrawControllerCable();
        screen.Put(_columns.Middle - ((Readings.Switch.Length - 1) / 2), SwitchBottom, Readings.Switch, Palette.Strong);
        DrawLegend();
    }

    /// <summary>Ports that do not fit are put together in the last row.</summary>
    private static IReadOnlyList<PortReading> Fitted(IReadOnlyList<PortReading> ports, int rows)
    {
        if (ports.Count <= rows)
            return ports;
        PortReading[] rest = [.. ports.Skip(rows - 1)];
        PortReading together = new(
            0, $"{rest.Length} more", rest[0].Role, rest.Sum(p => p.In), rest.Sum(p => p.Out), rest.Sum(p => p.Flows), rest.Any(p => p.Moves));
        return [.. ports.Take(rows - 1), together];
    }

    private static string Text(long count) => count < 1_000_000
        ? count.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.0}M");

    private void DrawController()
    {
        ControllerReading seen = Readings.Controller;
        bool there = scene.Telling.Part >= StoryPart.NetServ;
        (int left, int right) = Controller;
        screen.Box(left, layout.Picture, right, layout.Picture + 2, lit: false, Palette.If(there, Style.Plain));
        screen.Put(left + 2, layout.Picture, there ? " NetServ controller " : " no NetServ yet ", Palette.If(there, Palette.Strong));
        string counts = there
            ? $"PacketIn {Text(seen.PacketIns)}  PacketOut {Text(seen.PacketOuts)}  FlowMod {Text(seen.FlowMods)}"
            : "one rule: forward as any switch does";
        screen.Put(Math.Max(left + 1, _columns.Middle - (counts.Length / 2)), layout.Picture + 1, counts, Palette.If(seen.Moves, Palette.Control), right - left - 1);
    }

    private void DrawUser()
    {
        if (scene.Telling.Part is not (StoryPart.Setup or StoryPart.Remove))
            return;
        string request = Script.NameOf(scene.Telling.Part);
        bool underWay = scene.Telling.Steps.Any(s => s.Label == request && s.State == StepState.UnderWay);
        int y = layout.Picture + 1;
        int x = NetServSystem.User.Length + 2;
        screen.Put(1, y, NetServSystem.User, Palette.Strong);
        int box = Controller.Left;
        Style style = Palette.If(underWay, Palette.Control);
        screen.Cable(y, x, box - 1, underWay, style);
        screen.Horizontal(y, box - 1, box, underWay, style);
        screen.Put(x + 1, y, request, style);
    }

    private void DrawControllerCable()
    {
        if (scene.Telling.Part < StoryPart.NetServ)
            return;
        bool moves = Readings.Controller.Moves;
        screen.Vertical(_columns.Middle, layout.Picture + 2, _switchTop, moves, Palette.If(moves, Palette.Control));
        if (layout.LinkRows > 0)
            screen.Put(_columns.Middle + 2, layout.Picture + 3, "OpenFlow", Palette.If(moves, Palette.Control));
    }

    private void DrawHeadings()
    {
        screen.Put(1, _switchTop, "hosts", Palette.Dim);
        screen.PutRight(_columns.HostIn, _switchTop, "frames in", Palette.Dim);
        screen.PutRight(_columns.HostOut, _switchTop, "out", Palette.Dim);
        screen.PutRight(_columns.NodeIn, _switchTop, "frames in", Palette.Dim);
        screen.PutRight(_columns.NodeOut, _switchTop, "out", Palette.Dim);
        screen.Put(_columns.NodeName, _switchTop, "nodes", Palette.Dim);
        screen.PutRight(_columns.Flows, _switchTop, "flows", Palette.Dim);
    }

    private void DrawCables()
    {
        for (int i = 0; i < _hosts.Count; i++)
            DrawHost(_hosts[i], FirstPort + i);
        for (int i = 0; i < _nodes.Count; i++)
            DrawNode(_nodes[i], FirstPort + i);
    }

    private void DrawHost(in PortReading port, int y)
    {
        Style moving = Palette.If(port.Moves, Palette.Strong);
        screen.Put(1, y, port.Name, null, _columns.HostWidth);
        screen.PutRight(_columns.HostIn, y, Text(port.In), moving);
        screen.PutRight(_columns.HostOut, y, Text(port.Out), moving);
        screen.Cable(y, _columns.LeftWire.From, _columns.LeftWire.To, port.Moves, moving);
        screen.PutRight(_columns.LeftNumber, y, port.Number > 0 ? Text(port.Number) : "", Palette.Dim);
        screen.Horizontal(y, _columns.BoxLeft, _columns.LeftBus, port.Moves, moving);
    }

    private void DrawNode(in PortReading port, int y)
    {
        Style moving = Palette.If(port.Moves, Palette.Detour);
        screen.Put(_columns.NodeName, y, port.Name, Palette.If(scene.Telling.Part >= StoryPart.NetServ, Style.Plain), _columns.NodeWidth);
        screen.PutRight(_columns.NodeIn, y, Text(port.In), moving);
        screen.PutRight(_columns.NodeOut, y, Text(port.Out), moving);
        screen.PutRight(_columns.Flows, y, Text(port.Flows), moving);
        screen.Cable(y, _columns.RightWire.From, _columns.RightWire.To, port.Moves, moving);
        screen.Put(_columns.RightNumber, y, port.Number > 0 ? Text(port.Number) : "", Palette.Dim);
        screen.Horizontal(y, _columns.RightBus, _columns.BoxRight, port.Moves, moving);
    }

    private void DrawPaths()
    {
        if (_hosts.Count == 0)
            return;
        DrawDetour(Readings.Detour.Lit, Palette.If(Readings.Detour.Lit, Palette.Detour));
        Style direct = Palette.If(Readings.Direct.Lit, Palette.Direct);
        screen.Vertical(_columns.LeftBus, FirstPort, FirstPort + _hosts.Count - 1, Readings.Direct.Lit, direct);
        if (_hosts.Count > 1)
            screen.Put(_columns.LeftBus + 2, FirstPort + _hosts.Count - 1, "direct", direct);
    }

    private void DrawDetour(bool lit, Style style)
    {
        if (_nodes.Count == 0)
            return;
        // Up from the last host that sends or hears something, across, and down to the last node that does.
        screen.Vertical(_columns.LeftBus, FirstPort, FirstPort + LastMoving(_hosts), lit, style);
        screen.Vertical(_columns.RightBus, FirstPort, FirstPort + _nodes.Count - 1, lit: false, Palette.Dim);
        screen.Vertical(_columns.RightBus, FirstPort, FirstPort + LastMoving(_nodes), lit, style);
        screen.Horizontal(FirstPort, _columns.LeftBus, _columns.RightBus, lit, style);
        if (_columns.RightBus - _columns.LeftBus > LabelRoom)
            screen.Put(_columns.Middle - 3, FirstPort, " detour ", style);
    }

    private static int LastMoving(IReadOnlyList<PortReading> ports) => Enumerable.Range(0, ports.Count).LastOrDefault(i => ports[i].Moves);

    private void DrawLegend()
    {
        int y = SwitchBottom + 1;
        string now = string.Create(CultureInfo.InvariantCulture, $"in this part: {Readings.Direct.Packets} packets direct, {Readings.Direct.PerSecond:0}/s");
        screen.Put(1, y, now, Palette.If(Readings.Direct.Lit, Palette.Direct));
        string detour = string.Create(CultureInfo.InvariantCulture, $"{Readings.Detour.Packets} by a node, {Readings.Detour.PerSecond:0}/s");
        screen.Put(now.Length + 4, y, detour, Palette.If(Readings.Detour.Lit, Palette.Detour));
        screen.PutRight(screen.Width - 2, y, string.Create(CultureInfo.InvariantCulture, $"switch {Readings.PerSecond:0}/s"), Palette.Dim);
    }
}
