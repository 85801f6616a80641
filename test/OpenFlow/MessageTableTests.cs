namespace NetServ.OpenFlow.Tests;

public class MessageTableTests
{
    [Test]
    public void Every_kind_has_the_row_of_its_own_index()
    {
        MessageKind[] kinds = Enum.GetValues<MessageKind>();
        Assert.That(MessageTable.Rows.Length, Is.EqualTo(kinds.Length));
        Assert.That(MessageTable.Rows.ToArray().Select(row => row.Kind), Is.EqualTo(kinds));
        Assert.That(MessageTable.Rows.ToArray().Select(row => row.Name), Is.Unique);
    }

    [Test]
    public void Every_message_type_has_a_row() =>
        Assert.That(MessageTable.Rows.ToArray().Select(row => row.Type).Distinct(), Is.EquivalentTo(Enum.GetValues<MessageType>()));

    [Test]
    public void Every_statistics_type_has_a_request_and_a_reply()
    {
        foreach (StatsType type in Enum.GetValues<StatsType>())
        {
            Assert.That(Count(MessageType.StatsRequest, type), Is.EqualTo(1), type.ToString());
            Assert.That(Count(MessageType.StatsReply, type), Is.EqualTo(1), type.ToString());
        }
    }

    [Test]
    public void A_decoder_refuses_the_message_of_another()
    {
        byte[] barrier = new byte[8];
        new BarrierRequest(1).Write(barrier);
        Assert.That(BarrierReply.TryRead(barrier, out _, out DecodeError error), Is.False);
        Assert.That(error.Code, Is.EqualTo(DecodeErrorCode.UnexpectedType));
        Assert.That(error.ToString(), Is.EqualTo("ofp_header.type at offset 1: a message of type 18 where 19 is read"));
    }

    [Test]
    public void The_vendor_decoder_reads_messages_that_have_a_decoder_of_their_own()
    {
        byte[] role = new byte[20];
        new NiciraRoleRequest { Xid = 3, Role = NiciraRole.Primary }.Write(role);
        Assert.That(VendorMessage.TryRead(role, out VendorMessage vendor, out _), Is.True);
        Assert.That(vendor.Vendor, Is.EqualTo(VendorId.Nicira));
        Assert.That(vendor.Data.Length, Is.EqualTo(8));
    }

    [Test]
    public void Every_error_of_the_specification_has_a_type()
    {
        foreach (ErrorCode code in Enum.GetValues<ErrorCode>())
            Assert.That(code.ToString(), Does.StartWith(((ErrorType)((uint)code >> 16)).ToString()));
        Assert.That(Enum.GetValues<ErrorCode>(), Has.Length.EqualTo(2 + 9 + 9 + 6 + 2 + 3));
    }

    private static int Count(MessageType type, StatsType stats) => MessageTable.Rows.ToArray().Count(row => row.Type == type && row.Subtype == (int)stats);
}
