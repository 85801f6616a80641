"""Four switches in a ring with a chord, a host each: no storm, all pairs reach each other, and a cut link costs less than a second."""
import json
import sys
import time

from mininet.log import setLogLevel
from mininet.net import Mininet
from mininet.node import OVSSwitch, RemoteController
from mininet.topo import Topo

from programs import Failed, Programs

LINKS = [("s1", "s2"), ("s2", "s3"), ("s3", "s4"), ("s4", "s1"), ("s1", "s3")]
BROADCASTS = 20

# Sends numbered datagrams, one every argv[3] seconds, to argv[1] for argv[2] seconds; prints how many.
SENDER = r'''
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
until, number = time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < until:
    s.sendto(b"%d" % number, (sys.argv[1], 7000)); number += 1; time.sleep(float(sys.argv[3]))
print(number)
'''
# Prints "number time" of each datagram until none has come for argv[1] seconds.
RECEIVER = r'''
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("", 7000)); print("ready", flush=True)
s.settimeout(60)
try:
    while True:
        data = s.recv(100); print(int(data), time.monotonic()); s.settimeout(float(sys.argv[1]))
except socket.timeout:
    pass
'''


class Looped(Topo):
    """h1 to h4 at s1 to s4."""

    def build(self):
        for number in range(1, 5):
            switch = self.addSwitch(f"s{number}", datapath="user", protocols="OpenFlow10", failMode="secure")
            self.addLink(self.addHost(f"h{number}", ip=f"10.0.0.{number}/24", mac=f"00:00:00:00:00:0{number}"), switch)
        for one, other in LINKS:
            self.addLink(one, other)


def wait_for(what, holds, seconds=20):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {seconds} s")
        time.sleep(0.1)


def listing(programs, verb):
    return json.loads(programs.netserv(verb, "--controller", programs.controller_url, "--json"))


def at_rest(programs, links):
    ports = [port for switch in listing(programs, "switches") for port in switch["ports"]]
    return len(listing(programs, "links")) == links and not any(port["role"] == "probing" for port in ports)


def reach(net, when):
    lost = net.pingAll(timeout=5)
    print(f"{when}: {lost:g}% of pings lost")
    if lost:
        raise Failed(f"{when}: {lost:g}% of pings lost")


def receivers(hosts, silence):
    started = [host.popen(["python3", "-c", RECEIVER, str(silence)], text=True) for host in hosts]
    for process in started:
        process.stdout.readline()
    return started


def arrivals(process):
    return [(int(number), float(at)) for number, at in (line.split() for line in process.communicate(timeout=60)[0].splitlines())]


def sent_by_switches(net):
    total = 0
    for switch in net.switches:
        for interface in switch.intfList():
            if interface.name != "lo":
                total += int(switch.cmd(f"cat /sys/class/net/{interface.name}/statistics/tx_packets"))
    return total


def check_broadcasts(net):
    """Every host gets each of h1's broadcasts once, and what the switches send stays in proportion."""
    others = net.hosts[1:]
    listening = receivers(others, 2)
    before = sent_by_switches(net)
    sent = int(net["h1"].popen(["python3", "-c", SENDER, "10.0.0.255", "1.99", "0.1"], text=True).communicate(timeout=20)[0])
    for host, process in zip(others, listening):
        numbers = [number for number, _ in arrivals(process)]
        if sorted(numbers) != list(range(sent)):
            raise Failed(f"{host.name} got {len(numbers)} copies of {sent} broadcasts: {sorted(numbers)}")
    frames = sent_by_switches(net) - before
    print(f"{sent} broadcasts: one copy at each host; the switches sent {frames} frames in all")
    if frames > 40 * sent:
        raise Failed(f"{frames} frames for {sent} broadcasts: a storm")


def check_cut(net, programs):
    """A stream from h1 to h3 goes on after its link is cut."""
    listening = receivers([net["h3"]], 2)[0]
    stream = net["h1"].popen(["python3", "-c", SENDER, "10.0.0.3", "6", "0.005"], text=True)
    time.sleep(2)
    dead = {name: link_port(net, name, peer) for name, peer in (("s1", "s3"), ("s3", "s1"))}
    cut_at = time.monotonic()
    net.configLinkStatus("s1", "s3", "down")
    wait_for("a route without the cut link", lambda: len(listing(programs, "links")) == len(LINKS) - 1, 5)
    for name, port in dead.items():
        rules = net[name].cmd(f"ovs-ofctl dump-flows {name}")
        if any(line.rstrip().endswith(f"output:{port}") for line in rules.splitlines()):
            raise Failed(f"{name} still has a rule to the cut link's port {port}:\n{rules}")
    sent = int(stream.communicate(timeout=20)[0])
    got = arrivals(listening)
    gap = max(later[1] - earlier[1] for earlier, later in zip(got, got[1:]))
    back = next(number for number, at in got if at > cut_at + gap)
    lost_after = set(range(back, sent)) - {number for number, _ in got}
    print(f"cut: {sent - len(got)} of {sent} datagrams lost, the longest gap {gap * 1000:.0f} ms, none after it"
          if not lost_after else f"cut: {len(lost_after)} lost after the gap")
    if gap > 1:
        raise Failed(f"traffic was away for {gap:.2f} s after the cut")
    if lost_after:
        raise Failed(f"{len(lost_after)} datagrams were lost after traffic was back")
    if len(got) != len({number for number, _ in got}):
        raise Failed("datagrams arrived twice")


def link_port(net, name, peer):
    interface = net[name].connectionsTo(net[peer])[0][0]
    return int(net[name].cmd(f"ovs-vsctl get interface {interface.name} ofport"))


def main():
    setLogLevel("warning")
    with Programs([]) as programs:
        net = Mininet(topo=Looped(), switch=OVSSwitch, controller=None, autoSetMacs=False)
        net.addController("c0", controller=RemoteController, ip="127.0.0.1", port=6653)
        net.start()
        try:
            for host in net.hosts:
                host.cmd("ethtool -K", host.defaultIntf().name, "tx off")
            wait_for("all links", lambda: at_rest(programs, len(LINKS)))
            reach(net, "at rest")
            check_broadcasts(net)
            check_cut(net, programs)
            reach(net, "after the cut")
            net.configLinkStatus("s1", "s3", "up")
            wait_for("the mended link", lambda: at_rest(programs, len(LINKS)))
            reach(net, "after the repair")
            check_broadcasts(net)
        finally:
            net.stop()


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        sys.exit(1)
    print("looped: held")
