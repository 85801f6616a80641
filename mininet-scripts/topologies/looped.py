"""Four switches in a ring with a chord, a host at each, nodes at s2 and s4.

sudo mn --custom mininet-scripts/topologies/looped.py --topo looped,nodes=0 --switch ovs,datapath=user --controller remote
"""
from mininet.topo import Topo

# Not LINKS: mn has a global of that name, which a custom file's would replace.
CABLES = [("s1", "s2"), ("s2", "s3"), ("s3", "s4"), ("s4", "s1"), ("s1", "s3")]
NODES = {"n1": "s2", "n2": "s4"}


class Looped(Topo):
    """h1 to h4 at s1 to s4."""

    def build(self, nodes=2):
        for number in range(1, 5):
            switch = self.addSwitch(f"s{number}", protocols="OpenFlow10", failMode="secure")
            self.addLink(self.addHost(f"h{number}", ip=f"10.0.0.{number}/24", mac=f"00:00:00:00:00:0{number}"), switch)
        for one, other in CABLES:
            self.addLink(one, other)
        for name, switch in list(NODES.items())[:nodes]:
            self.addLink(self.addHost(name, inNamespace=False, ip=None, mac=f"02:00:00:00:00:0{name[1:]}"), switch)


topos = {"looped": Looped}
