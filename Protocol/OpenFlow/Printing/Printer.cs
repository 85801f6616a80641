namespace NetServ.OpenFlow;

/// <summary>
/// Prints a message in one line, a broken one too: what can be read, then "***FIELD at offset N: why". Walks every decoder. Allocates: for
/// people and logs, not for hot paths.
/// </summary>
public static partial class Printer
{
    /// <summary>Prints one message, header included, and ends the line.</summary>
    public static void Print(ReadOnlySpan<byte> message, TextWriter output) => output.WriteLine(ToText(message));

    /// <summary>The line for one message, header included.</summary>
    public static string ToText(ReadOnlySpan<byte> message) => ToText(message, out _);

    /// <summary>The line for one message, and what is wrong with it.</summary>
    public static string ToText(ReadOnlySpan<byte> message, out DecodeError error)
    {
        Line line = new();
        if (MessageTable.TryIdentify(message, out MessageKind kind, out error))
        {
            line.Word(MessageTable.Row(kind).Name);
            PrintHeader(line, message);
            PrintBody(line, kind, message, out error);
        }
        else
        {
            PrintUnidentified(line, message);
        }
        if (error.Code != DecodeErrorCode.None)
            line.Word("***" + error);
        return line.ToString();
    }

    private static void PrintHeader(Line line, ReadOnlySpan<byte> message)
    {
        line.Hex("xid", Header.ReadXid(message));
        if (message[0] != Header.Version10)
            line.Hex("version", message[0]);
    }

    private static void PrintUnidentified(Line line, ReadOnlySpan<byte> message)
    {
        if (!Header.TryRead(message, out Header header))
        {
            line.Bytes("bytes", message);
            return;
        }
        line.Word(header.Type <= MessageType.QueueGetConfigReply ? NameOf(header.Type) : $"type {(byte)header.Type}");
        PrintHeader(line, message);
        line.Field("length", header.Length).Bytes("rest", message[Header.Size..]);
    }

    private static string NameOf(MessageType type)
    {
        foreach (MessageRow row in MessageTable.Rows)
        {
            if (row.Type == type)
                return type is MessageType.StatsRequest or MessageType.StatsReply ? row.Name[..row.Name.IndexOf(' ', StringComparison.Ordinal)] : row.Name;
        }
        return $"type {(byte)type}";
    }

    private static void PrintBody(Line line, MessageKind kind, ReadOnlySpan<byte> message, out DecodeError error)
    {
        if (kind is >= MessageKind.DescStatsRequest and <= MessageKind.VendorStatsReply)
        {
            PrintStats(line, kind, message, out error);
            return;
        }
        switch (kind)
        {
            case MessageKind.Hello: Print(line, Read<Hello>(message, out error)); break;
            case MessageKind.Error: Print(line, Read<ErrorMessage>(message, out error)); break;
            case MessageKind.EchoRequest: line.Bytes("data", Read<EchoRequest>(message, out error).Data); break;
            case MessageKind.EchoReply: line.Bytes("data", Read<EchoReply>(message, out error).Data); break;
            case MessageKind.Vendor: Print(line, Read<VendorMessage>(message, out error)); break;
            case MessageKind.FeaturesRequest: Read<FeaturesRequest>(message, out error); break;
            case MessageKind.FeaturesReply: Print(line, Read<FeaturesReply>(message, out error)); break;
            case MessageKind.GetConfigRequest: Read<GetConfigRequest>(message, out error); break;
            case MessageKind.GetConfigReply: Print(line, Read<GetConfigReply>(message, out error)); break;
            case MessageKind.SetConfig: Print(line, Read<SetConfig>(message, out error)); break;
            case MessageKind.PacketIn: Print(line, Read<PacketIn>(message, out error)); break;
            case MessageKind.FlowRemoved: Print(line, Read<FlowRemoved>(message, out error)); break;
            case MessageKind.PortStatus: Print(line, Read<PortStatus>(message, out error)); break;
            case MessageKind.PacketOut: PrintPacketOut(line, message, out error); break;
            case MessageKind.FlowMod: PrintFlowMod(line, message, out error); break;
            case MessageKind.PortMod: Print(line, Read<PortMod>(message, out error)); break;
            case MessageKind.BarrierRequest: Read<BarrierRequest>(message, out error); break;
            case MessageKind.BarrierReply: Read<BarrierReply>(message, out error); break;
            case MessageKind.QueueGetConfigRequest: line.Field("port", Read<QueueGetConfigRequest>(message, out error).Port); break;
            case MessageKind.QueueGetConfigReply: PrintQueues(line, message, out error); break;
            case MessageKind.NiciraRoleRequest: line.Field("role", Read<NiciraRoleRequest>(message, out error).Role.ToString()); break;
            case MessageKind.NiciraRoleReply: line.Field("role", Read<NiciraRoleReply>(message, out error).Role.ToString()); break;
            case MessageKind.NiciraSetControllerId: line.Field("id", Read<NiciraSetControllerId>(message, out error).ControllerId); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "no printer");
        }
    }

    private static T Read<T>(ReadOnlySpan<byte> message, out DecodeError error)
        where T : struct, IMessage<T>, allows ref struct
    {
        T.TryRead(message, out T value, out error);
        return value;
    }
}
