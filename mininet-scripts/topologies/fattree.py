"""A fat tree with k = 4: 4 core, 8 aggregation and 8 edge switches, 16 hosts; nodes at two edge and two aggregation switches.

sudo mn --custom mininet-scripts/topologies/fattree.py --topo fattree,nodes=0 --switch ovs,datapath=user --controller remote
"""
from mininet.topo import Topo

K = 4
NODES = {"n1": "e1", "n2": "a3", "n3": "e6", "n4": "a8"}


class FatTree(Topo):
    """Pod p has aggregation switches a(2p-1), a(2p), edge switches e(2p-1), e(2p) and hosts h(4p-3) to h(4p)."""

    def build(self, nodes=4):
        half = K // 2
        cores = [self.switch("c", number) for number in range(1, half * half + 1)]
        for pod in range(K):
            aggregation = [self.switch("a", pod * half + number) for number in range(1, half + 1)]
            edges = [self.switch("e", pod * half + number) for number in range(1, half + 1)]
            for index, upper in enumerate(aggregation):
                for core in cores[index * half:(index + 1) * half]:
                    self.addLink(upper, core)
                for lower in edges:
                    self.addLink(upper, lower)
            for index, lower in enumerate(edges):
                for place in range(1, half + 1):
                    number = (pod * half + index) * half + place
                    self.addLink(self.addHost(f"h{number}", ip=f"10.0.0.{number}/24", mac=f"00:00:00:00:00:{number:02x}"), lower)
        for name, switch in list(NODES.items())[:nodes]:
            self.addLink(self.addHost(name, inNamespace=False, ip=None, mac=f"02:00:00:00:00:0{name[1:]}"), switch)

    def switch(self, layer, number):
        """The datapath id tells layer and number: 0x0e06 is e6."""
        dpid = int(layer, 16) * 0x100 + number
        return self.addSwitch(f"{layer}{number}", dpid=f"{dpid:016x}", protocols="OpenFlow10", failMode="secure")


topos = {"fattree": FatTree}
