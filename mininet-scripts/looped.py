"""Four switches in a ring with a chord: no storm, all pairs reach each other, and a cut link costs less than a second, of steered traffic, too."""
import re

from programs import expect, wait_for
from scenario import play
from topologies.looped import Looped
from traffic import Receivers, by_flow, check_once, check_outages, output, reach, send

MODULE = "NetServ.Modules.Mark_1.0.0"
BROADCASTS = 20
PLAIN, STEERED = 7000, 7001
SECONDS = 5


def check(network):
    reach(network, "at rest")
    check_broadcasts(network)
    network.programs.setup(MODULE, "--filter-proto", "udp", "--filter-port", str(STEERED), "--filter-ipv4", "10.0.0.3")
    check_cut(network, "s1", "s3", PLAIN, 1, 0.005, "plain traffic, its link cut")
    reach(network, "after the cut")
    network.programs.check("after the cut")
    mend(network, "s1", "s3")
    check_cut(network, "s1", "s2", STEERED, 8, 0.01, "steered traffic, the link to a node cut")
    reach(network, "after the second cut")
    network.programs.check("after the second cut")
    mend(network, "s1", "s2")
    reach(network, "after the repair")
    network.programs.check("after the repair")
    network.programs.remove(MODULE)
    check_broadcasts(network)
    network.programs.check("after REMOVE")


def mend(network, one, other):
    network.net.configLinkStatus(one, other, "up")
    wait_for("the mended link", network.at_rest)


def check_broadcasts(network):
    """Every host gets each of h1's broadcasts once, and what the switches send stays in proportion."""
    receivers = Receivers(network, network.hosts[1:])
    before = network.frames_sent()
    output(send(network, network["h1"], ["10.0.0.255"], BROADCASTS, 0.1))
    for name, arrivals in receivers.arrivals().items():
        check_once(arrivals, 0, f"broadcasts at {name}")
        expect(len(arrivals) == BROADCASTS, f"broadcasts at {name}: none of {BROADCASTS} lost")
    check_storm(network.frames_sent() - before, BROADCASTS)


def check_storm(frames, sent):
    expect(frames <= 40 * sent, f"no storm: the switches sent {frames} frames for {sent}")


def check_cut(network, one, other, port, flows, interval, what):
    """Flows from h1 to h3 go on after the link is cut, and are processed as before."""
    receivers = Receivers(network, [network["h3"]], port)
    sent_before, carried_before = network.frames_sent(), carried(network, one, other, port)
    count = int(SECONDS / interval)
    stream = send(network, network["h1"], [network["h3"].IP()], count, interval, flows, port)
    links = len(network.live_links())
    wait_for("the stream on the link", lambda: carried(network, one, other, port) > carried_before + 20)
    expect(True, f"{what}: until then it takes the link")
    network.net.configLinkStatus(one, other, "down")
    wait_for("a map without the link", lambda: len(network.programs.listing("links")) == links - 1)
    for name, peer in ((one, other), (other, one)):
        rules = rules_to(network, name, peer)
        expect(not rules, f"{what}: {name} has no rule to the cut link" + (f", but {rules}" if rules else ""))
    output(stream)
    arrivals = receivers.arrivals()["h3"]
    check_once(arrivals, 1 if port == STEERED else 0, what)
    check_outages(by_flow(arrivals), count, 1, what)
    check_storm(network.frames_sent() - sent_before, count * flows)


def carried(network, name, peer, port):
    """Packets that the switch's rules have sent to its neighbour: those of steered flows, or all."""
    flow = f"tp_dst={port}" if port == STEERED else ""
    return sum(int(re.search(r"n_packets=(\d+)", rule)[1]) for rule in rules_to(network, name, peer) if flow in rule)


def rules_to(network, name, peer):
    return [rule for rule in network.rules(name) if rule.endswith(f"output:{network.port(name, peer)}")]


if __name__ == "__main__":
    play("looped", Looped(), check)
