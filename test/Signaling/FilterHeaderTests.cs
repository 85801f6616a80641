using NetServ.Packets;
using static NetServ.Signaling.Tests.Requests;

namespace NetServ.Signaling.Tests;

public class FilterHeaderTests
{
    [Test]
    public void Every_filter_header_is_read()
    {
        FlowFilter filter = Accepted([.. SetupLines, "filter-src-ipv4: 10.1.0.0/16", "filter-src-port: 9", "filter-direction: both"]).Filter!;
        Assert.That(filter, Is.EqualTo(new FlowFilter(17, 5060, Ipv4Prefix.Parse("10.0.0.1/32"))
        {
            Source = Ipv4Prefix.Parse("10.1.0.0/16"),
            SourcePort = 9,
            Direction = FilterDirection.Both,
        }));
        Assert.That(filter.ToString(), Is.EqualTo("udp from 10.1.0.0/16 port 9 to 10.0.0.1/32 port 5060, both directions"));
    }

    [Test]
    public void Every_header_of_the_terms_is_read() =>
        Assert.That(
            Accepted([.. SetupLines, "filter-order: 7", "failure-mode: closed", "fragments: steer", "spread: tos", "steering: proactive"]).Terms,
            Is.EqualTo(new SteeringTerms { Order = 7, FailureMode = FailureMode.Closed, Fragments = FragmentMode.Steer, IsSpread = true, Mode = SteeringMode.Proactive }));

    [Test]
    public void What_is_not_said_is_any_source_forward_open_pass_reactive_and_order_100()
    {
        NetServRequest request = Accepted(SetupLines);
        Assert.That((request.Filter!.Source, request.Filter.SourcePort, request.Filter.Direction), Is.EqualTo(((Ipv4Prefix?)null, (ushort?)null, FilterDirection.Forward)));
        Assert.That(request.Terms, Is.EqualTo(new SteeringTerms { Order = 100, FailureMode = FailureMode.Open, Fragments = FragmentMode.Pass, Mode = SteeringMode.Reactive }));
    }

    [TestCase("FORWARD", FilterDirection.Forward)]
    [TestCase("reverse", FilterDirection.Reverse)]
    [TestCase("Both", FilterDirection.Both)]
    public void Words_are_read_in_any_case(string word, FilterDirection direction) =>
        Assert.That(Accepted(SetupLines.With("filter-direction", word)).Filter!.Direction, Is.EqualTo(direction));

    [TestCase("fragments: pass", FragmentMode.Pass)]
    [TestCase("fragments: drop", FragmentMode.Drop)]
    public void Fragments_may_pass_or_be_dropped(string line, FragmentMode mode) => Assert.That(Accepted(SetupLines.Append(line)).Terms.Fragments, Is.EqualTo(mode));

    [TestCase("0")]
    [TestCase("65535")]
    public void Any_order_of_16_bits_is_taken(string order) =>
        Assert.That(Accepted(SetupLines.With("filter-order", order)).Terms.Order, Is.EqualTo(ushort.Parse(order)));

    [TestCase("filter-src-ipv4", "")]
    [TestCase("filter-src-ipv4", "10.0.0.1/24")]
    [TestCase("filter-src-ipv4", "::1")]
    [TestCase("filter-src-port", "0")]
    [TestCase("filter-src-port", "65536")]
    [TestCase("filter-direction", "")]
    [TestCase("filter-direction", "backward")]
    [TestCase("filter-order", "-1")]
    [TestCase("filter-order", "65536")]
    [TestCase("filter-order", "first")]
    [TestCase("failure-mode", "")]
    [TestCase("failure-mode", "half-open")]
    [TestCase("fragments", "reassemble")]
    [TestCase("steering", "eager")]
    [TestCase("steering", "proa\u0441tive")]
    public void A_value_out_of_range_is_malformed_and_named(string header, string value)
    {
        RequestRefusal refusal = Refused(SetupLines.With(header, value));
        Assert.That((refusal.Code, refusal.Field), Is.EqualTo((RequestError.MalformedHeader, header)));
    }

    [Test]
    public void The_words_that_may_be_written_are_told() =>
        Assert.That(Refused(SetupLines.With("fragments", "reassemble")).Text, Is.EqualTo("'reassemble' is not known here; use one of pass, steer, drop."));

    [TestCase("filter-src-ipv4", "10.0.0.1")]
    [TestCase("filter-direction", "both")]
    [TestCase("filter-order", "1")]
    [TestCase("failure-mode", "closed")]
    [TestCase("fragments", "steer")]
    [TestCase("steering", "proactive")]
    public void What_needs_a_filter_is_refused_without_one(string header, string value)
    {
        RequestRefusal refusal = Refused(SetupLines.Where(line => !line.StartsWith("filter-", StringComparison.Ordinal)).With(header, value));
        Assert.That((refusal.Code, refusal.Field), Is.EqualTo((RequestError.MissingHeader, "filter-ipv4")));
        Assert.That(refusal.Text, Does.StartWith($"'{header}' stands without 'filter-ipv4'"));
    }

    [Test]
    public void A_source_port_needs_a_protocol_with_ports()
    {
        string[] lines = [.. SetupLines.Without("filter-port").With("filter-src-port", "53")];
        Assert.That(Refused(lines.Without("filter-proto")).Field, Is.EqualTo("filter-proto"));
        Assert.That(Refused(lines.With("filter-proto", "icmp")).Field, Is.EqualTo("filter-src-port"));
        Assert.That(Accepted(lines).Filter!.SourcePort, Is.EqualTo(53));
    }

    [Test]
    public void All_faults_of_a_filter_are_told_at_once()
    {
        RequestHeader[] headers =
        [
            .. SetupLines.Skip(1).Where(line => !line.StartsWith("filter-", StringComparison.Ordinal)).Select(line => line.Split(": ", 2)).Select(parts => new RequestHeader(parts[0], parts[1])),
            new("filter-proto", "icmp"), new("filter-port", "1"), new("filter-src-port", "x"), new("filter-src-ipv4", "here"), new("filter-direction", "up"),
            new("filter-order", "z"), new("failure-mode", "z"), new("fragments", "z"), new("steering", "z"),
        ];
        Assert.That(NetServRequest.TryCreate(RequestCommand.Setup, "Mark_1.0.0", headers, out _, out IReadOnlyList<RequestRefusal> faults), Is.False);
        Assert.That(faults.Select(fault => fault.Field).Distinct(), Is.EquivalentTo(new[]
        {
            "filter-port", "filter-src-port", "filter-src-ipv4", "filter-direction", "filter-ipv4", "filter-order", "failure-mode", "fragments", "steering",
        }));
    }

    [Test]
    public void The_terms_are_signed()
    {
        (string key, string pem) = SigningKeys.Create();
        NetServRequest request = Signed(key, [.. SetupLines, "failure-mode: closed"]);
        Assert.That(RequestVerifier.Verify(request, pem), Is.True);
        string opened = request.ToText().Replace("failure-mode: closed", "failure-mode: open", StringComparison.Ordinal);
        Assert.That(RequestVerifier.Verify(Accepted(opened.TrimEnd('\n').Split('\n')), pem), Is.False);
    }
}
