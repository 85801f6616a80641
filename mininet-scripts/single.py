"""One switch, a SIP phone, a SIP server, two processing nodes: a keep-alive is answered by the node, and after REMOVE by the server."""
import sys

from mininet.log import setLogLevel
from mininet.net import Mininet
from mininet.node import OVSSwitch, RemoteController
from mininet.topo import Topo

from programs import Failed, Programs

MODULE = "NetServ.Modules.KeepAlive_1.0.0"

# The user agent sends one keep-alive and prints the last header of whoever answered.
PHONE = r'''
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(5); s.bind(("10.0.0.1", 5070))
lines = ["NOTIFY sip:10.0.0.2 SIP/2.0", "Via: SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bK" + sys.argv[1], "From: <sip:phone@10.0.0.1>;tag=1",
         "To: <sip:10.0.0.2>", "Call-ID: " + sys.argv[1] + "@10.0.0.1", "CSeq: 1 NOTIFY", "Event: keep-alive", "Max-Forwards: 70", "Content-Length: 0", "", ""]
s.sendto("\r\n".join(lines).encode(), ("10.0.0.2", 5060))
data, peer = s.recvfrom(2000)
print("answer", "server" if b"Server: origin" in data else "node", data.split(b"\r\n")[0].decode(), peer[0])
'''
SERVER = r'''
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("10.0.0.2", 5060)); print("ready", flush=True)
while True:
    data, peer = s.recvfrom(2000)
    keep = [h for h in data.split(b"\r\n") if h.split(b":")[0] in (b"Via", b"From", b"To", b"Call-ID", b"CSeq")]
    s.sendto(b"\r\n".join([b"SIP/2.0 200 OK", *keep, b"Server: origin", b"Content-Length: 0", b"", b""]), peer)
'''


class Single(Topo):
    """h1 (phone), h2 (server) and the nodes' interfaces, which stay in the root namespace beside the controller."""

    def build(self):
        switch = self.addSwitch("s1", datapath="user", protocols="OpenFlow10", failMode="secure")
        for number in (1, 2):
            self.addLink(self.addHost(f"h{number}", ip=f"10.0.0.{number}/24", mac=f"00:00:00:00:00:0{number}"), switch)
        for number in (1, 2):
            self.addLink(self.addHost(f"n{number}", inNamespace=False, ip=None, mac=f"02:00:00:00:00:0{number}"), switch)


def ask(phone, name):
    answer = phone.popen(["python3", "-c", PHONE, name]).communicate(timeout=20)[0].decode().strip()
    print(f"keep-alive {name}: {answer}")
    return answer.split()[1] if answer.startswith("answer") else answer


def expect(what, got, wanted):
    if got != wanted:
        raise Failed(f"{what}: answered by '{got}', expected '{wanted}'")


def main():
    setLogLevel("warning")
    with Programs(["n1", "n2"]) as programs:
        net = Mininet(topo=Single(), switch=OVSSwitch, controller=None, autoSetMacs=False)
        net.addController("c0", controller=RemoteController, ip="127.0.0.1", port=6653)
        net.start()
        try:
            for host in (net["h1"], net["h2"]):
                host.cmd("ethtool -K", host.defaultIntf().name, "tx off")
            if net.ping([net["h1"], net["h2"]]) != 0:
                raise Failed("h1 and h2 do not reach each other")
            server = net["h2"].popen(["python3", "-c", SERVER])
            server.stdout.readline()
            for name in ("n1", "n2"):
                programs.start_node(name, net[name].defaultIntf().name, net[name].MAC())
            programs.wait_attached(2)
            expect("before SETUP", ask(net["h1"], "one"), "server")
            print(programs.setup(MODULE, "--filter-proto", "udp", "--filter-port", "5060", "--filter-ipv4", "10.0.0.2").strip())
            expect("after SETUP", ask(net["h1"], "two"), "node")
            print(programs.remove(MODULE).strip())
            expect("after REMOVE", ask(net["h1"], "three"), "server")
            server.terminate()
        finally:
            net.stop()


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        sys.exit(1)
    print("single: held")
