using NetServ.Controller.Core.Steering;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Steering;

public sealed class TagBookTests
{
    [Test]
    public void A_VLAN_that_hosts_use_is_never_given_out()
    {
        TagBook book = new(new CoreContext(), new CoreOptions { SteeringVlans = (3072, 3075) });
        book.NoteVlan(3072);
        book.NoteVlan(3074);
        Assert.That(book.HasNewVlan, Is.True);
        Assert.That(book.Complete([(1, "node1")]), Is.True);
        Assert.That(book.Tags.All.Keys, Is.EqualTo((ushort[])[3073, 3075]), "the range is small: the rest is told, not given");
        Assert.That((book.Tags.IsReserved(3072), book.Tags.IsReserved(3073)), Is.EqualTo((false, true)));
        Assert.That((book.HasNewVlan, book.Complete([(1, "node1")])), Is.EqualTo((false, false)));
    }

    [Test]
    public void Each_VLAN_has_a_tag_of_its_own_for_each_node_and_one_for_what_is_done()
    {
        TagBook book = new(new CoreContext(), new CoreOptions { SteeringVlans = (100, 200) });
        book.NoteVlan(7);
        book.Complete([(1, "node1"), (2, "node2")]);
        ushort[] tags =
        [
            .. new ushort[] { 7, FlowKey.NoVlan }.SelectMany(v => (ushort[])[book.Tags.Done(v), book.Tags.To(1, v), book.Tags.To(2, v)]),
        ];
        Assert.That(tags, Is.Unique.And.All.InRange(100, 200));
        Assert.That(book.Tags.TryRead(tags[1], out TagMeaning meaning), Is.True);
        Assert.That(meaning, Is.EqualTo(new TagMeaning(1, 7)));
    }
}
