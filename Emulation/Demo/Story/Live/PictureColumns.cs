namespace NetServ.Demo.Story.Live;

/// <summary>Where the columns of the picture are, from left to right.</summary>
internal sealed record PictureColumns
{
    private const int Widest = 112;
    private const int WideFrom = 100;
    private const int NumberWidth = 2;

    /// <summary>Widths for a screen of <paramref name="width"/> columns.</summary>
    public PictureColumns(int width)
    {
        bool wide = width >= WideFrom;
        (int counter, int wire) = wide ? (8, 6) : (6, 2);
        (HostWidth, NodeWidth) = wide ? (16, 9) : (10, 6);
        HostIn = HostWidth + 1 + counter;
        HostOut = HostIn + 1 + counter;
        LeftWire = (HostOut + 2, HostOut + 1 + wire);
        LeftNumber = LeftWire.To + NumberWidth;
        BoxLeft = LeftNumber + 1;
        Flows = Math.Min(width, Widest) - 2;
        NodeName = Flows - 5 - NodeWidth;
        NodeOut = NodeName - 2;
        NodeIn = NodeOut - 1 - counter;
        RightWire = (NodeIn - counter - wire, NodeIn - counter - 1);
        RightNumber = RightWire.From - NumberWidth;
        BoxRight = RightNumber - 1;
    }

    /// <summary>Characters for a host's name, which begins in column 1.</summary>
    public int HostWidth { get; }

    /// <summary>Last column of a host's frames into the switch.</summary>
    public int HostIn { get; }

    /// <summary>Last column of a host's frames out of the switch.</summary>
    public int HostOut { get; }

    /// <summary>A host's cable.</summary>
    public (int From, int To) LeftWire { get; }

    /// <summary>Last column of a host's port number.</summary>
    public int LeftNumber { get; }

    /// <summary>Left edge of the switch.</summary>
    public int BoxLeft { get; }

    /// <summary>Right edge of the switch.</summary>
    public int BoxRight { get; }

    /// <summary>First column of a node's port number.</summary>
    public int RightNumber { get; }

    /// <summary>A node's cable.</summary>
    public (int From, int To) RightWire { get; }

    /// <summary>Last column of a node's frames into the switch.</summary>
    public int NodeIn { get; }

    /// <summary>Last column of a node's frames out of the switch.</summary>
    public int NodeOut { get; }

    /// <summary>First column of a node's name.</summary>
    public int NodeName { get; }

    /// <summary>Characters for it.</summary>
    public int NodeWidth { get; }

    /// <summary>Last column of a node's flows.</summary>
    public int Flows { get; }

    /// <summary>Column of the cable between switch and controller.</summary>
    public int Middle => (BoxLeft + BoxRight) / 2;

    /// <summary>Where the hosts' cables meet inside the switch.</summary>
    public int LeftBus => BoxLeft + 2;

    /// <summary>Where the nodes' cables meet inside the switch.</summary>
    public int RightBus => BoxRight - 2;
}
