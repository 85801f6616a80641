"""One switch: h1 (phones), h2 (SIP server), h3 and h4 (everything else), and three processing nodes.

sudo mn --custom mininet-scripts/topologies/single.py --topo single,nodes=0 --switch ovs,datapath=user --controller remote
"""
from mininet.topo import Topo


class Single(Topo):
    """The nodes' interfaces stay in the root namespace, where a node process reaches the controller."""

    def build(self, hosts=4, nodes=3):
        switch = self.addSwitch("s1", protocols="OpenFlow10", failMode="secure")
        for number in range(1, hosts + 1):
            self.addLink(self.addHost(f"h{number}", ip=f"10.0.0.{number}/24", mac=f"00:00:00:00:00:0{number}"), switch)
        for number in range(1, nodes + 1):
            self.addLink(self.addHost(f"n{number}", inNamespace=False, ip=None, mac=f"02:00:00:00:00:0{number}"), switch)


topos = {"single": Single}
