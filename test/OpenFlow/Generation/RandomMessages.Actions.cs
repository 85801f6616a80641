namespace NetServ.OpenFlow.Tests.Generation;

public sealed partial class RandomMessages
{
    /// <summary>Up to six actions of any type.</summary>
    public ActionList Actions()
    {
        ActionWriter writer = new(_actions);
        for (int i = _values.Below(7); i > 0; i--)
            Append(ref writer, _values.Below(UnknownVendors ? 15 : 14));
        return writer.AsList();
    }

    private void Append(ref ActionWriter writer, int which)
    {
        switch (which)
        {
            case 0: writer.Output(_values.OutputPort(), _values.U16()); break;
            case 1: writer.SetVlanVid((ushort)_values.Below(4096)); break;
            case 2: writer.SetVlanPcp((byte)_values.Below(8)); break;
            case 3: writer.StripVlan(); break;
            case 4: writer.SetDlSrc(_values.Mac()); break;
            case 5: writer.SetDlDst(_values.Mac()); break;
            case 6: writer.SetNwSrc(_values.Ip()); break;
            case 7: writer.SetNwDst(_values.Ip()); break;
            case 8: writer.SetNwTos((byte)(_values.U8() & 0xfc)); break;
            case 9: writer.SetTpSrc(_values.U16()); break;
            case 10: writer.SetTpDst(_values.U16()); break;
            case 11: writer.Enqueue(_values.Chance(20) ? _values.OneOf(PortNo.InPort, PortNo.Local) : _values.PhysicalPort(), _values.U32()); break;
            case 12: writer.DecTtl(); break;
            case 13: writer.Controller(_values.U16(), _values.U16()); break;
            default: writer.Vendor(0x00abcdef, Data(40)); break;
        }
    }
}
