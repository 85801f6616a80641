using NetServ.Emulation;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Scenarios.Topology;

/// <summary>Where a filter asks for both directions, the packets of a flow and those of its answers meet the same node, wherever either of them enters.</summary>
public sealed class BothWaysTests
{
    private const ushort Sip = 5060;
    private const ushort FirstPort = 2000;
    private const int Flows = 80;

    [Test]
    public void The_packets_of_a_flow_and_of_its_answers_meet_the_same_node_whoever_speaks_first([Values] bool answersFirst)
    {
        using Conversations talk = new(connect: 3);
        talk.Open(answersFirst);
        int[] nodes = talk.Round(!answersFirst);
        Assert.That(nodes.Distinct().Order(), Is.EqualTo((int[])[0, 1, 2]), "each node has some, and they are at three switches");
        talk.Fabric.ClearMessages();
        Assert.That(talk.Round(answersFirst), Is.EqualTo(nodes));
        Assert.That(talk.PacketIns(), Is.Zero);
    }

    [Test]
    public void Answers_follow_their_flow_to_its_node_though_they_come_after_another_one_has_joined([Values] bool answersFirst)
    {
        using Conversations talk = new(connect: 2);
        int[] nodes = talk.Open(answersFirst);
        talk.Nodes[2].Connect();
        talk.Fabric.Pass(1);
        Assert.That(talk.Round(!answersFirst), Is.EqualTo(nodes));
    }

    [Test]
    public void After_the_node_of_half_of_the_flows_is_lost_both_directions_meet_another_one_and_of_the_other_half_none_moves([Values] bool answersFirst)
    {
        using Conversations talk = new(connect: 3, capacity: 2);
        talk.Open(!answersFirst);
        int[] nodes = talk.Round(answersFirst);
        Assert.That(nodes.Count(n => n == 0), Is.EqualTo(Flows / 2).Within(Flows / 8));
        talk.Nodes[0].Die();
        talk.Fabric.Pass(1);
        int[] after = talk.Round(answersFirst);
        Assert.That(after.Where((_, i) => nodes[i] != 0), Is.EqualTo(nodes.Where(n => n != 0)));
        Assert.That(after.Where((_, i) => nodes[i] == 0).Distinct().Order(), Is.EqualTo((int[])[1, 2]));
    }

    [Test]
    public void After_a_restart_answers_meet_the_node_where_their_flow_is_though_a_new_flow_would_go_elsewhere([Values] bool answersFirst)
    {
        using Conversations talk = new(connect: 2);
        int[] nodes = talk.Open(answersFirst);
        talk.Nodes[2].Connect();
        talk.Fabric.Pass(1);
        talk.Fabric.Controller.Kill();
        talk.Fabric.Pass(1);
        talk.Fabric.Controller.StartAgain();
        foreach (TestNode node in talk.Nodes)
            node.ConnectWhenUp();
        talk.Fabric.Pass(8);
        Assert.That(talk.Round(!answersFirst), Is.EqualTo(nodes));
        Assert.That(talk.Nodes[2].Processed, Is.Zero);
    }

    /// <summary>Flows from h1 and h2 to h3 over a line of three switches with a node each, and their answers.</summary>
    private sealed class Conversations : IDisposable
    {
        private readonly List<(FiveTuple Flow, int Node)> _met = [];

        public Conversations(int connect, uint capacity = 1)
        {
            Fabric = Fabric.Settled(3, [(0, 1), (1, 2)], nodes: 3);
            Nodes = [.. Fabric.Controller.Core.Nodes.All.Select((n, i) => new TestNode(Fabric.Network, Fabric.Controller, Fabric.Switches[i], Fabric.NodePort, n.Name))];
            Nodes[0].Capacity = capacity;
            foreach (TestNode node in Nodes.Take(connect))
                node.Connect();
            for (int n = 0; n < Nodes.Length; n++)
                Watch(n);
            Fabric.Pass(0.5);
            Fabric.PairsLost();
            Assert.That(Fabric.Controller.Setup("m.Mark-A_1.0", $"udp {Server.Address} {Sip}", ("filter-direction", "both")).Refusal, Is.Null);
        }

        public Fabric Fabric { get; }

        public TestNode[] Nodes { get; }

        private EmulatedHost Server => Fabric.Hosts[2];

        public void Dispose() => Fabric.Dispose();

        /// <summary>A packet of each flow, or (true) of the answers; the node of each.</summary>
        public int[] Open(bool answers) => Play(answers ? SendAnswer : SendQuery);

        /// <summary>A packet of each flow and one of its answers, in this order or (true) the other one; the node that both met.</summary>
        public int[] Round(bool answersFirst) => Play(answersFirst ? [SendAnswer, SendQuery] : [SendQuery, SendAnswer]);

        // Nodes ask for addresses, and links are probed, at any time.
        public int PacketIns() => Fabric.Control.SelectMany(c => c.Messages).Count(m => m.Kind == MessageKind.PacketIn && PacketIn.TryRead(m.Bytes, out PacketIn packet, out _)
            && FlowKey.TryExtract(packet.Data, packet.InPort, out FlowKey key) && key.NwProto == IpProtocols.Udp);

        private int[] Play(params Action<int>[] packets)
        {
            _met.Clear();
            foreach (EmulatedHost host in Fabric.Hosts)
                host.ClearReceived();
            int before = Nodes.Sum(n => n.Processed);
            foreach (Action<int> send in packets)
            {
                for (int f = 0; f < Flows; f++)
                {
                    send(f);
                    Fabric.Pass(0.001);
                }
                Fabric.Pass(0.1);
            }
            int sent = Flows * packets.Length;
            Assert.That(Fabric.Hosts.SelectMany(h => h.Received).Select(d => d.Text), Is.EqualTo(Enumerable.Repeat("xA", sent)));
            Assert.That(Nodes.Sum(n => n.Processed) - before, Is.EqualTo(sent));
            return [.. Enumerable.Range(0, Flows).Select(f => NodeOf(f, packets.Length))];
        }

        private int NodeOf(int flow, int packets)
        {
            int[] nodes = [.. _met.Where(m => m.Flow == TupleOf(flow) || m.Flow == TupleOf(flow).Reverse()).Select(m => m.Node)];
            Assert.That(nodes, Has.Length.EqualTo(packets));
            Assert.That(nodes, Is.All.EqualTo(nodes[0]), $"all packets of {TupleOf(flow)} and of its answers");
            return nodes[0];
        }

        private EmulatedHost ClientOf(int flow) => Fabric.Hosts[flow % 2];

        private FiveTuple TupleOf(int flow) => new(IpProtocols.Udp, ClientOf(flow).Address, Server.Address, (ushort)(FirstPort + flow), Sip);

        private void SendQuery(int flow) => ClientOf(flow).SendUdp(Server.Address, Sip, "x"u8, (ushort)(FirstPort + flow));

        private void SendAnswer(int flow) => Server.SendUdp(ClientOf(flow).Address, (ushort)(FirstPort + flow), "x"u8, Sip);

        private void Watch(int node) => Nodes[node].Device.Port.Tap += frame =>
        {
            if (!frame.Outbound && FlowKey.TryExtract(frame.Bytes, 0, out FlowKey key) && key.NwProto == IpProtocols.Udp)
                _met.Add((key.Tuple, node));
        };
    }
}
