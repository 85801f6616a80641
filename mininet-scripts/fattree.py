"""A fat tree of 20 switches: all pairs of 16 hosts reach each other, flows are processed exactly once on the way, and a node is killed under traffic."""
import collections

from programs import expect, wait_for
from scenario import play
from topologies.fattree import FatTree
from traffic import Receivers, by_flow, check_once, check_outages, output, reach, send

MODULE = "NetServ.Modules.Mark_1.0.0"
COUNT, INTERVAL = 320, 0.025
# Seconds. A node's silence is noticed after 0.8.
LIMIT = 2


def check(network):
    reach(network, "at rest")
    setup(network)
    check_pairs(network)
    check_shares(network)
    network.programs.check("flows between all pairs")
    network.programs.remove(MODULE)
    network.programs.check("after REMOVE")
    setup(network)
    check_kill(network)
    reach(network, "with a node less")
    network.programs.check("with a node less")


def setup(network):
    network.programs.setup(MODULE, "--filter-proto", "udp", "--filter-port", "7000", "--filter-ipv4", "10.0.0.0/24")


def check_pairs(network):
    """A flow from every host to every other one."""
    receivers = Receivers(network, network.hosts)
    senders = [send(network, host, [other.IP() for other in network.hosts if other is not host], 5, 0.2) for host in network.hosts]
    for sender in senders:
        output(sender)
    arrivals = [one for some in receivers.arrivals().values() for one in some]
    # The receiver is not in what it prints: number and flow are the same at all of them, the time of sending is not.
    unlike = {(one.source, one.sent) for one in arrivals}
    wrong = [one for one in arrivals if one.stamp != 1]
    wanted = len(network.hosts) * (len(network.hosts) - 1) * 5
    expect(len(unlike) == len(arrivals) == wanted and not wrong, f"{len(arrivals)} of {wanted} datagrams between all pairs arrived, each processed exactly once"
           + (f", but {wrong[:5]}" if wrong else ""))


def check_shares(network):
    """The controller's count of the flows at each node: about a quarter each."""
    flows = {node["name"]: node["flows"] for node in network.programs.listing("nodes")}
    fair = sum(flows.values()) / len(flows)
    expect(fair > 0 and max(flows.values()) <= 1.05 * fair + 1, f"the nodes share the flows: {dict(sorted(flows.items()))}")


def check_kill(network):
    """Each host's flow to the one across the core; the node that serves most of them is killed with no chance to say goodbye."""
    receivers = Receivers(network, network.hosts)
    half = len(network.hosts) // 2
    senders = [send(network, host, [network.hosts[(index + half) % len(network.hosts)].IP()], COUNT, INTERVAL) for index, host in enumerate(network.hosts)]
    wait_for("a rule for each flow", lambda: len(places(network)) == len(senders))
    victim, share = collections.Counter(places(network)).most_common(1)[0]
    network.programs.kill_node(victim)
    for sender in senders:
        output(sender)
    arrivals = [one for some in receivers.arrivals().values() for one in some]
    what = f"node {victim} killed under {share} of {len(senders)} flows"
    check_once(arrivals, 1, what)
    hit = check_outages(by_flow(arrivals), COUNT, LIMIT, what)
    expect(len(hit) == share, f"{what}: {len(hit)} flows lost what was inside or came until the silence was noticed, the others nothing")
    expect(victim not in network.programs.attached(), f"{what}: {sorted(network.programs.attached())} are left")


def places(network):
    """The node of each steered flow that has a rule now."""
    reasons = [rule["reason"] for rule in network.programs.listing("flows") if rule["kind"] == "steering" and "tp_dst=7000" in rule["match"]]
    return [reason.rsplit("through node ", 1)[1] for reason in reasons]


if __name__ == "__main__":
    play("fattree", FatTree(), check)
