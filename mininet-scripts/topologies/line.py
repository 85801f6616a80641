"""Four switches in a row, hosts at both ends, nodes in the middle; h3 and h4 are in VLAN 30, behind access switches.

sudo mn --custom mininet-scripts/topologies/line.py --topo line,nodes=0 --switch ovs,datapath=user --controller remote
(pingall loses two thirds of its pings: h1 and h2 reach each other, h3 and h4 do, nobody else.)
"""
from mininet.node import OVSSwitch
from mininet.topo import Topo

VLAN = 30


class AccessSwitch(OVSSwitch):
    """Somebody else's switch, without a controller: port 1 is a trunk, port 2 an access port of the VLAN."""

    def start(self, controllers):
        super().start([])
        # Mininet may join commands to one, so that each begins with dashes.
        self.vsctl("--", "set", "port", self.intfs[1].name, f"trunks={VLAN}")
        self.vsctl("--", "set", "port", self.intfs[2].name, f"tag={VLAN}")


class Line(Topo):
    """(h1, v1 = h3) - s1 - (n1) s2 - (n2) s3 - s4 - (h2, v2 = h4)."""

    def build(self, nodes=2):
        switches = [self.addSwitch(f"s{number}", protocols="OpenFlow10", failMode="secure") for number in range(1, 5)]
        for one, other in zip(switches, switches[1:]):
            self.addLink(one, other)
        for number, switch in ((1, switches[0]), (2, switches[3])):
            self.addLink(self.addHost(f"h{number}", ip=f"10.0.0.{number}/24", mac=f"00:00:00:00:00:0{number}"), switch)
            access = self.addSwitch(f"v{number}", cls=AccessSwitch, datapath="user", dpid=f"{0x100 + number:016x}", failMode="standalone")
            self.addLink(access, switch, port1=1)
            tagged = self.addHost(f"h{number + 2}", ip=f"10.0.0.{number + 2}/24", mac=f"00:00:00:00:00:0{number + 2}")
            self.addLink(access, tagged, port1=2)
        for number in range(1, nodes + 1):
            self.addLink(self.addHost(f"n{number}", inNamespace=False, ip=None, mac=f"02:00:00:00:00:0{number}"), switches[number])


topos = {"line": Line}
