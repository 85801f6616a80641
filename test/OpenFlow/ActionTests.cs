using NetServ.Packets;

namespace NetServ.OpenFlow.Tests;

public class ActionTests
{
    [Test]
    public void Actions_are_read_in_the_order_they_were_written()
    {
        ActionWriter writer = new(new byte[256]);
        writer.SetVlanVid(100);
        writer.SetDlDst(MacAddress.Parse("02:00:00:00:00:02"));
        writer.SetNwSrc(Ipv4Address.Parse("10.0.0.1"));
        writer.Enqueue(4, 9);
        writer.DecTtl();
        writer.Output(PortNo.Controller, 128);
        ActionList list = writer.AsList();
        Assert.That(list.ToString(), Is.EqualTo("mod_vlan_vid:100,mod_dl_dst:02:00:00:00:00:02,mod_nw_src:10.0.0.1,enqueue:4:9,dec_ttl,CONTROLLER:128"));
        Assert.That(list.Count, Is.EqualTo(6));
        Assert.That(list.Length, Is.EqualTo(8 + 16 + 8 + 16 + 16 + 8));
    }

    [TestCase((ushort)65535, (ushort)5, "controller(id=5)")]
    [TestCase((ushort)40, (ushort)5, "controller(max_len=40,id=5)")]
    [TestCase((ushort)40, (ushort)0, "CONTROLLER:40")]
    public void The_Nicira_controller_action_is_written_as_ovs_ofctl_writes_it(ushort maxLength, ushort id, string expected)
    {
        ActionWriter writer = new(new byte[16]);
        writer.Controller(maxLength, id);
        Assert.That(writer.AsList().ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void Lists_and_single_actions_can_be_appended_to_others()
    {
        ActionWriter first = new(new byte[64]);
        first.SetTpDst(5060);
        first.Output(1);
        ActionWriter second = new(new byte[64]);
        second.StripVlan();
        second.Append(first.AsList());
        foreach (ActionView action in first.AsList())
            second.Append(action);
        Assert.That(second.AsList().ToString(), Is.EqualTo("strip_vlan,mod_tp_dst:5060,output:1,mod_tp_dst:5060,output:1"));
    }

    [Test]
    public void A_full_span_refuses_an_action_and_keeps_what_it_has()
    {
        byte[] buffer = new byte[12];
        int written = 0;
        Assert.That(
            () =>
            {
                ActionWriter writer = new(buffer);
                writer.Output(1);
                written = writer.Written;
                writer.Output(2);
            },
            Throws.ArgumentException);
        Assert.That(written, Is.EqualTo(8));
        Assert.That(buffer.AsSpan(8).ToArray(), Is.All.Zero);
    }

    [Test]
    public void An_accessor_of_another_type_throws()
    {
        byte[] output = [0, 0, 0, 8, 0, 1, 0xff, 0xff];
        Assert.That(() => First(output).QueueId, Throws.InvalidOperationException);
        Assert.That(() => First(output).NwAddress, Throws.InvalidOperationException);
        Assert.That(() => First(output).Vendor, Throws.InvalidOperationException);
        Assert.That(First(output).Port, Is.EqualTo(1));
    }

    [TestCase("0000000000010000", DecodeErrorCode.BadElementLength, 102, TestName = "length 0")]
    [TestCase("0000000400010000", DecodeErrorCode.BadElementLength, 102, TestName = "length below 8")]
    [TestCase("0000000c0001000000000000", DecodeErrorCode.BadElementLength, 102, TestName = "length no multiple of 8")]
    [TestCase("0000001000010000", DecodeErrorCode.BadElementLength, 102, TestName = "longer than what is left")]
    [TestCase("00000010000100000000000000000000", DecodeErrorCode.BadElementLength, 102, TestName = "OUTPUT of 16 bytes")]
    [TestCase("000b000800010000", DecodeErrorCode.BadElementLength, 102, TestName = "ENQUEUE of 8 bytes")]
    [TestCase("00000008000100000000", DecodeErrorCode.BadElementLength, 108, TestName = "two bytes behind the last")]
    [TestCase("000c000800010000", DecodeErrorCode.UnknownAction, 100, TestName = "type 12")]
    [TestCase("fffe000800010000", DecodeErrorCode.UnknownAction, 100, TestName = "type 65534")]
    public void Illegal_actions_are_refused_at_their_offset(string hex, DecodeErrorCode code, int offset)
    {
        Assert.That(ActionList.TryRead(Convert.FromHexString(hex), out _, out DecodeError error, 100), Is.False);
        Assert.That(error.Code, Is.EqualTo(code));
        Assert.That(error.Offset, Is.EqualTo(offset));
        Assert.That(error.Answer, Is.EqualTo(code == DecodeErrorCode.UnknownAction ? ErrorCode.BadActionBadType : ErrorCode.BadActionBadLen));
    }

    private static ActionView First(byte[] bytes)
    {
        if (ActionList.TryRead(bytes, out ActionList list, out _))
        {
            foreach (ActionView action in list)
                return action;
        }
        throw new InvalidDataException("no action");
    }
}
