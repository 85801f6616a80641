using NetServ.OpenFlow.Tests.Generation;

namespace NetServ.OpenFlow.Tests;

public class AllocationTests
{
    private static MessageKind[] Kinds => Enum.GetValues<MessageKind>();

    [TestCaseSource(nameof(Kinds))]
    public void Reading_and_writing_allocates_nothing(MessageKind kind)
    {
        RandomMessages messages = new(2);
        byte[] from = new byte[RandomMessages.MaxLength];
        byte[] to = new byte[RandomMessages.MaxLength];
        Reencoder reencoder = new();
        int length = messages.Write(kind, from);
        reencoder.Reencode(from.AsSpan(0, length), to, out _);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            reencoder.Reencode(from.AsSpan(0, length), to, out _);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [TestCaseSource(nameof(Kinds))]
    public void Refusing_allocates_nothing(MessageKind kind)
    {
        RandomMessages messages = new(2);
        byte[] from = new byte[RandomMessages.MaxLength];
        byte[] to = new byte[RandomMessages.MaxLength];
        Reencoder reencoder = new();
        int length = messages.Write(kind, from);
        reencoder.Reencode(from.AsSpan(0, length - 1), to, out _);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < length; i++)
            reencoder.Reencode(from.AsSpan(0, i), to, out _);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
