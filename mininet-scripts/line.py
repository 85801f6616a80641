"""Four switches in a line: flows are processed by nodes on other switches than their ends', untagged and tagged ones, and no host sees a tag of ours."""
import re
import sys

from programs import expect
from scenario import play
from topologies.line import VLAN, Line
from traffic import STREAM, Capture, Receivers, check_once, output, send

MODULE = "NetServ.Modules.Mark_1.0.0"
COUNT, FLOWS = 100, 6
FIRST_TAG, LAST_TAG = 3072, 4094


def check(network):
    ends = {host.name: Capture(network, host, host.defaultIntf().name) for host in network.hosts}
    trunk = network["v2"].connectionsTo(network["s4"])[0][0].name
    ends["v2"] = Capture(network, network["v2"], trunk)
    middle_port = network["s3"].connectionsTo(network["s2"])[0][0].name
    middle = Capture(network, network["s3"], middle_port)
    check_pairs(network)
    network.programs.setup(MODULE, "--filter-proto", "udp", "--filter-port", "7000", "--filter-ipv4", "10.0.0.0/24")
    streams(network, 1, "after SETUP")
    network.programs.check("after SETUP")
    tags = check_tags(middle)
    forge(network, sorted(tags))
    network.programs.remove(MODULE)
    streams(network, 0, "after REMOVE")
    network.programs.check("after REMOVE")
    for capture in (*ends.values(), middle):
        capture.end()
    check_ends(network, ends, tags)


def check_pairs(network):
    """h1 and h2 talk untagged, h3 and h4 in their VLAN; between the two there is no way."""
    for one, other in (("h1", "h2"), ("h3", "h4")):
        output(network.run(network[one], "ping", "-c", "2", "-W", "10", network[other].IP()))
    print("  holds: h1 and h2 reach each other untagged, h3 and h4 in VLAN", VLAN)
    silent = network.run(network["h1"], "ping", "-c", "1", "-W", "1", network["h4"].IP())
    silent.communicate(timeout=30)
    expect(silent.returncode != 0, "h1 does not reach h4, which is in another VLAN")


def streams(network, stamp, when):
    """Untagged from h1 to h2 and tagged from h4 to h3, at the same time."""
    receivers = Receivers(network, [network["h2"], network["h3"]])
    for source, sink in (("h1", "h2"), ("h4", "h3")):
        send(network, network[source], [network[sink].IP()], COUNT, 0.02, flows=FLOWS)
    for name, arrivals in receivers.arrivals().items():
        check_once(arrivals, stamp, f"{when}, at {name}")
        expect(len(arrivals) == COUNT * FLOWS, f"{when}, at {name}: none of {COUNT * FLOWS} lost")


def check_tags(middle):
    """The tags that steered frames carry between s2 and s3."""
    tags = vlans(middle) - {VLAN}
    expect(tags and all(FIRST_TAG <= tag <= LAST_TAG for tag in tags), f"between s2 and s3 steered frames carry tags: {sorted(tags)}")
    return tags


def forge(network, tags):
    """A host sends frames with our tags, and with the last VLAN id of the range, which is not given out: a VLAN like any other."""
    options = [word for vlan in (*tags, LAST_TAG) for word in ("--vlan", str(vlan))]
    output(network.run(network["h1"], sys.executable, STREAM, "forge", "--interface", network["h1"].defaultIntf().name,
                       "--mac", network["h2"].MAC(), *options))


def check_ends(network, ends, tags):
    for name, capture in ends.items():
        frames = capture.frames()
        # A broadcast in VLAN 30 goes to every edge, whoever is there.
        expect(frames and not vlans(capture) & tags, f"{name} got {len(frames)} frames, none with a tag of ours")
    expect(vlans(ends["v2"], network["h3"].MAC()) == {VLAN}, f"at v2 the tagged hosts' frames are in VLAN {VLAN} again")
    forged = {int(vlan) for line in ends["h2"].frames() if "0x88b6" in line for vlan in re.findall(r"vlan (\d+)", line)}
    expect(forged == {LAST_TAG}, f"of the frames that h1 forged, those with tags of ours did not reach h2, that in VLAN {LAST_TAG} did; it got {sorted(forged)}")


def vlans(capture, host=None):
    """VLAN ids of what was captured, or of what was captured of one host's."""
    lines = (line for line in capture.frames("vlan") if host is None or host in line)
    return {int(word) for line in lines for word in re.findall(r"vlan (\d+)", line)}


if __name__ == "__main__":
    play("line", Line(), check)
