using NetServ.Emulation.Switch;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Tests.Switch;

public sealed class BufferTests
{
    private static readonly byte[] s_frame = TestFrames.Udp(payload: new string('x', 300));
    private readonly SwitchBench _bench = new(buffers: new BufferProfile(2));

    [Test]
    public void A_buffered_miss_carries_miss_send_len_bytes_and_the_length_of_all()
    {
        (uint _, byte[] data) = Miss(_bench);
        Assert.That(data, Is.EqualTo(s_frame[..128]));
        _bench.Send(new SetConfig { MissSendLength = 0 });
        Assert.That(Miss(_bench).Data, Is.Empty);
    }

    [Test]
    public void An_output_to_the_controller_carries_its_own_max_len([Values(0, 20, 65535)] int maxLength)
    {
        _bench.Add(Match.Any, (ref w) => w.Output(PortNo.Controller, (ushort)maxLength));
        (uint id, byte[] data) = Miss(_bench, PacketInReason.Action);
        Assert.That(id, Is.Not.EqualTo(BufferId.None));
        Assert.That(data, Has.Length.EqualTo(Math.Min(maxLength, s_frame.Length)));
    }

    [Test]
    public void A_PACKET_OUT_sends_the_whole_frame_of_a_buffer_once()
    {
        (uint id, _) = Miss(_bench);
        _bench.PacketOut(default, (ref w) => { w.Output(1); w.Output(2); }, inPort: 1, buffer: id);
        Assert.That(_bench.Out.Single(), Is.EqualTo(((ushort)2, s_frame)).Using<(ushort Port, byte[] Bytes)>((a, b) => a.Port == b.Port && a.Bytes.AsSpan().SequenceEqual(b.Bytes)));
        Assert.That(_bench.Take(), Is.Empty);
        _bench.PacketOut(default, (ref w) => w.Output(2), buffer: id);
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.BadRequestBufferEmpty));
    }

    [Test]
    public void A_buffer_that_never_was_is_unknown()
    {
        _bench.PacketOut(default, (ref w) => w.Output(2), buffer: 0x1_0001);
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.BadRequestBufferUnknown));
    }

    [Test]
    public void An_old_id_does_not_name_the_frame_that_sits_there_now()
    {
        (uint first, _) = Miss(_bench);
        _bench.PacketOut(default, (ref w) => w.Output(2), buffer: first);
        Miss(_bench);
        Miss(_bench);
        _bench.PacketOut(default, (ref w) => w.Output(2), buffer: first);
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.BadRequestBufferUnknown));
    }

    [Test]
    public void When_all_buffers_are_taken_the_frame_comes_whole()
    {
        Miss(_bench);
        Miss(_bench);
        (uint id, byte[] data) = Miss(_bench);
        Assert.That((id, data.Length), Is.EqualTo((BufferId.None, s_frame.Length)));
    }

    [Test]
    public void A_FLOW_MOD_with_a_buffer_adds_the_entry_and_sends_the_frame_by_the_new_actions()
    {
        (uint id, _) = Miss(_bench);
        _bench.FlowMod(Match.Any, (ref w) => { w.SetVlanVid(3); w.Output(1); w.Output(4); }, buffer: id);
        Assert.That(_bench.Take(), Is.Empty);
        Assert.That(_bench.Out.Select(o => o.Port), Is.EqualTo([(ushort)4]), "not to port 1, by which it came in");
        Assert.That(_bench.Out[0].Bytes, Is.EqualTo(TestFrames.Tagged(s_frame, 3)));
        _bench.FlowMod(Match.Any, (ref w) => w.Output(3), buffer: id);
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.BadRequestBufferEmpty));
        Assert.That(_bench.Switch.Flows.Single().Actions, Is.EqualTo("output:3"), "the entry is added all the same");
    }

    [Test]
    public void A_buffer_expires_and_is_then_unknown_and_free()
    {
        SwitchBench bench = new(buffers: new BufferProfile(1, TimeSpan.FromSeconds(1)));
        (uint first, _) = Miss(bench);
        Assert.That(Miss(bench).Id, Is.EqualTo(BufferId.None));
        bench.Now += TimeSpan.FromSeconds(1);
        bench.PacketOut(default, (ref w) => w.Output(2), buffer: first);
        Assert.That(bench.TakeError(), Is.EqualTo(ErrorCode.BadRequestBufferUnknown));
        Assert.That(Miss(bench).Id, Is.Not.EqualTo(BufferId.None).And.Not.EqualTo(first));
    }

    [Test]
    public void Two_controllers_get_the_same_buffer_and_the_first_to_use_it_has_it()
    {
        SwitchConnection other = _bench.Connect();
        (uint id, _) = Miss(_bench);
        PacketIn.TryRead(_bench.TakeOne(MessageKind.PacketIn, other), out PacketIn packet, out _);
        Assert.That(packet.BufferId, Is.EqualTo(id));
        _bench.PacketOut(default, (ref w) => w.Output(2), buffer: id, connection: other);
        _bench.PacketOut(default, (ref w) => w.Output(2), buffer: id);
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.BadRequestBufferEmpty));
        Assert.That(_bench.Out, Has.Count.EqualTo(1));
    }

    private static (uint Id, byte[] Data) Miss(SwitchBench bench, PacketInReason reason = PacketInReason.NoMatch)
    {
        Assert.That(bench.In(1, s_frame), Is.Empty);
        PacketIn.TryRead(bench.TakeOne(MessageKind.PacketIn), out PacketIn packet, out _);
        Assert.That((packet.TotalLength, packet.Reason), Is.EqualTo(((ushort)s_frame.Length, reason)));
        return (packet.BufferId, packet.Data.ToArray());
    }
}
