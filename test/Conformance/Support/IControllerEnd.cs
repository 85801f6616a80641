using NetServ.OpenFlow;

namespace NetServ.Conformance.Tests.Support;

/// <summary>A controller's end of an OpenFlow connection with the switch.</summary>
internal interface IControllerEnd
{
    /// <summary>Sends bytes as they are.</summary>
    void Send(byte[] bytes);

    /// <summary>All that the switch has sent since the last call, one message each and echo requests left out, when it has done everything it was asked for.</summary>
    List<byte[]> Take();
}

/// <summary>Typed messages over an <see cref="IControllerEnd"/>.</summary>
internal static class ControllerEndExtensions
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static void Send<T>(this IControllerEnd end, in T message)
        where T : struct, IMessage, allows ref struct
    {
        byte[] bytes = new byte[message.Length];
        message.Write(bytes);
        end.Send(bytes);
    }

    /// <summary>The one message that the switch sends; what comes by a timer of the switch may take a while.</summary>
    public static byte[] TakeOne(this IControllerEnd end, MessageKind kind)
    {
        List<byte[]> messages = end.TakeSome();
        Assert.That(messages.Select(KindOf), Is.EqualTo([kind]));
        return messages[0];
    }

    /// <summary>As <see cref="IControllerEnd.Take"/>, but waits for something to come.</summary>
    public static List<byte[]> TakeSome(this IControllerEnd end)
    {
        long until = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        List<byte[]> messages = end.Take();
        while (messages.Count == 0 && Environment.TickCount64 < until)
            messages = end.Take();
        return messages;
    }

    /// <summary>The one error that the switch sends.</summary>
    public static ErrorCode TakeError(this IControllerEnd end)
    {
        Assert.That(ErrorMessage.TryRead(end.TakeOne(MessageKind.Error), out ErrorMessage error, out _), Is.True);
        return error.Error;
    }

    public static MessageKind KindOf(byte[] message)
    {
        Assert.That(MessageTable.TryIdentify(message, out MessageKind kind, out DecodeError error), Is.True, error.ToString());
        return kind;
    }
}
