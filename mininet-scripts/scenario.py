"""What all scenarios share: a network of switches with its programs from start to end, and nothing left behind."""
import argparse
import functools
import json
import os
import signal
import subprocess
import sys
import traceback

from mininet.log import setLogLevel
from mininet.net import Mininet
from mininet.node import OVSSwitch, RemoteController

from programs import Failed, Programs, expect, wait_for


class Network:
    """A topology, the controller and the nodes on it; a context manager that ends them all."""

    def __init__(self, topology, datapath):
        self.topology = topology
        self.switch = functools.partial(OVSSwitch, datapath=datapath)
        self.started = []

    def __enter__(self):
        names = [name for name in self.topology.hosts() if not self.topology.nodeInfo(name).get("inNamespace", True)]
        self.programs = Programs(names).__enter__()
        self.net = None
        try:
            self.build(names)
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def build(self, names):
        self.net = Mininet(topo=self.topology, switch=self.switch, controller=None, build=False)
        self.net.addController("c0", controller=RemoteController, ip="127.0.0.1", port=6653)
        self.net.build()
        self.net.start()
        self.nodes = [self.net[name] for name in names]
        self.hosts = [host for host in self.net.hosts if host.name not in names]
        for host in self.hosts:
            # A veth leaves checksums to a network card that it does not have; a switch or a node in user space would pass them on as they are.
            host.cmd("ethtool -K", host.defaultIntf().name, "tx off")
        wait_for("all links", self.at_rest)
        self.programs.start_nodes(self.nodes)

    def __exit__(self, *_):
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
        try:
            if self.net:
                self.net.stop()
                # To Mininet a remote controller is nothing to be stopped; its shell is.
                self.net["c0"].terminate()
        finally:
            self.programs.__exit__()

    def __getitem__(self, name):
        return self.net[name]

    def run(self, host, *command, log=None):
        """Starts a program in a host; it ends with the network at the latest. What one that goes on for long prints belongs in a log: a full pipe would stop it."""
        if log:
            with open(self.programs.file(log), "w", encoding="utf-8") as file:
                process = host.popen(list(command), text=True, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
        else:
            process = host.popen(list(command), text=True, errors="replace", stdin=subprocess.DEVNULL)
        self.started.append(process)
        return process

    def at_rest(self):
        """Every link between our switches is known, and every port has its role."""
        ports = [port for switch in self.programs.listing("switches") for port in switch["ports"]]
        return len(self.programs.listing("links")) == len(self.live_links()) and ports and not any(port["role"] == "probing" for port in ports)

    def ours(self):
        """The switches that the controller has."""
        return [switch for switch in self.net.switches if switch.failMode == "secure"]

    def live_links(self):
        ours = self.ours()
        return [link for link in self.net.links if link.intf1.node in ours and link.intf2.node in ours and link.intf1.isUp() and link.intf2.isUp()]

    def rules(self, name):
        """The switch's flow table, a line a rule; ports are numbers (to a terminal ovs-ofctl would write names)."""
        lines = self.net[name].cmd(f"ovs-ofctl --no-names dump-flows {name}").splitlines()
        return [line.strip() for line in lines if "cookie=" in line]

    def frames_sent(self):
        """By all switches, out of all their ports."""
        sent = interface_statistics()
        return sum(sent[interface.name] for switch in self.net.switches for interface in switch.intfList() if interface.name != "lo")

    def port(self, name, peer):
        """The number of the switch's port towards its neighbour."""
        interface = self.net[name].connectionsTo(self.net[peer])[0][0]
        return self.net[name].ports[interface]


def interrupt(*_):
    # A second signal would keep the first one's from being cleaned up after.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def interface_statistics():
    """Frames sent, by name of each interface in this network namespace."""
    listed = subprocess.run(["ip", "-json", "-statistics", "link"], capture_output=True, text=True, check=True).stdout
    return {link["ifname"]: link["stats64"]["tx"]["packets"] for link in json.loads(listed)}


def traces():
    """What a scenario may leave behind on this machine: interfaces, bridges, child processes."""
    def lines(*command):
        return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines())

    # By netlink: /sys may still show the network namespace that this one was made from.
    interfaces = set(interface_statistics())
    children = {line for line in lines("ps", "-o", "pid=,args=", "--ppid", str(os.getpid())) if "ps -o pid=" not in line}
    return interfaces | lines("ovs-vsctl", "list-br") | children


def play(name, topology, check):
    """Plays check(network) on the topology, ends everything, looks for what was left, and exits: 0 it held, 1 it did not, 130 interrupted."""
    parser = argparse.ArgumentParser(prog=name)
    parser.add_argument("--datapath", choices=["user", "kernel"], default="user")
    options = parser.parse_args()
    setLogLevel("warning")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    before, code = traces(), 0
    try:
        with Network(topology, options.datapath) as network:
            try:
                check(network)
            except Failed:
                tell_logs(network.programs)
                raise
    except Failed as failure:
        print(f"FAILED: {failure}", flush=True)
        code = 1
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        code = 130
    except Exception:  # pylint: disable=broad-except
        traceback.print_exc()
        code = 1
    left = traces() - before
    if left:
        print(f"FAILED: left behind: {sorted(left)}")
    elif code == 0:
        expect(True, "no interface, bridge or process is left")
        print(f"{name}: held")
    sys.exit(1 if left else code)


def tell_logs(programs):
    """The last words of the programs, for whoever has to find out why."""
    for name in programs.running:
        with open(programs.file(name + ".log"), encoding="utf-8") as log:
            print("".join(f"  {name}: {line}" for line in log.readlines()[-8:]), end="")
