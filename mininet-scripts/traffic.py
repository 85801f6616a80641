"""Traffic between hosts, and what became of it."""
import collections
import os
import subprocess
import sys

from programs import Failed, expect, start_line

STREAM = os.path.join(os.path.dirname(os.path.realpath(__file__)), "stream.py")

# Seconds are the monotonic clock's.
Arrival = collections.namedtuple("Arrival", "source flow number sent arrived stamp")


def reach(network, when):
    """Every host pings every other one, all hosts at the same time; not one ping is lost."""
    started = []
    for host in network.hosts:
        others = " ".join(other.IP() for other in network.hosts if other is not host)
        script = f"for a in {others}; do ping -c 1 -W 10 $a >/dev/null || echo {host.name} to $a; done"
        started.append(network.run(host, "sh", "-c", script))
    lost = [line for process in started for line in process.communicate(timeout=120)[0].splitlines()]
    pairs = len(started) * (len(started) - 1)
    expect(not lost, f"{when}: all {pairs} pairs of hosts reach each other" + (f", but not {lost}" if lost else ""))


class Receivers:
    """A receiver of the stream in each of some hosts."""

    def __init__(self, network, hosts, port=7000, silence=2):
        command = [sys.executable, STREAM, "receive", "--port", str(port), "--silence", str(silence)]
        self.started = {host.name: network.run(host, *command) for host in hosts}
        for process in self.started.values():
            start_line(process, "ready")

    def arrivals(self):
        """Waits for the end of the streams. The arrivals by host, in order."""
        return {name: [arrival(line) for line in output(process).splitlines()] for name, process in self.started.items()}


def arrival(line):
    source, flow, number, sent, arrived, stamp = line.split()
    return Arrival(source, int(flow), int(number), float(sent), float(arrived), int(stamp))


def send(network, host, to, count, interval, flows=1, port=7000):
    """Starts a sender of numbered datagrams to each of the hosts' addresses, by each of its flows."""
    addresses = [word for address in to for word in ("--to", address)]
    return network.run(host, sys.executable, STREAM, "send", *addresses, "--port", str(port), "--flows", str(flows),
                       "--count", str(count), "--interval", str(interval))


def output(process, seconds=120):
    """What the program printed, once it has ended well."""
    try:
        text, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as expired:
        raise Failed(f"{process.args} did not end within {seconds} s") from expired
    if process.returncode != 0:
        raise Failed(f"{process.args} ended with {process.returncode}: {text[-2000:]}{errors[-2000:]}")
    return text


def by_flow(arrivals):
    """The arrivals of each (source, flow)."""
    flows = collections.defaultdict(list)
    for one in arrivals:
        flows[one.source, one.flow].append(one)
    return flows


def check_once(arrivals, stamp, what):
    """No datagram came twice, and each was processed as often as the stamp says."""
    keys = collections.Counter((one.source, one.flow, one.number) for one in arrivals)
    twice = [key for key, copies in keys.items() if copies > 1]
    wrong = collections.Counter(one.stamp for one in arrivals if one.stamp != stamp)
    expect(not twice and not wrong, f"{what}: {len(arrivals)} datagrams, none twice, {processed(stamp)}"
           + (f"; but twice {twice[:5]}" if twice else "") + (f"; but stamps {dict(wrong)}" if wrong else ""))


def processed(count):
    return {0: "none processed", 1: "each processed exactly once"}.get(count, f"each processed {count} times")


class Outage:
    """What one flow of `count` datagrams lost at one disturbance, in its sender's time."""

    def __init__(self, arrivals, count):
        numbers = {one.number for one in arrivals}
        self.lost = sorted(set(range(count)) - numbers)
        self.seconds, self.at_once = 0.0, True
        if not self.lost:
            return
        before = [one.sent for one in arrivals if one.number < self.lost[0]]
        after = [one.sent for one in arrivals if one.number > self.lost[-1]]
        self.at_once = bool(before and after) and self.lost[-1] - self.lost[0] + 1 == len(self.lost)
        self.seconds = min(after, default=float("inf")) - max(before, default=float("-inf"))


def check_outages(flows, count, limit, what):
    """What each flow lost it lost in one piece, shorter than the limit in seconds. Returns the flows that lost something."""
    outages = {key: Outage(arrivals, count) for key, arrivals in flows.items()}
    hit = {key: outage for key, outage in outages.items() if outage.lost}
    torn = {key: outage.lost for key, outage in hit.items() if not outage.at_once}
    expect(not torn, f"{what}: no flow lost anything once it was back" + (f", but for {torn}" if torn else ""))
    longest = max((outage.seconds for outage in hit.values()), default=0)
    lost = [len(outage.lost) for outage in hit.values()]
    expect(longest <= limit, f"{what}: {sum(lost)} of {count * len(flows)} datagrams lost, by {len(hit)} of {len(flows)} flows, "
           f"the longest way off {longest * 1000:.0f} ms (limit {limit * 1000:.0f})")
    return hit


class Capture:
    """tcpdump of what comes in at an interface of a host or switch from now on."""

    def __init__(self, network, host, interface):
        self.file = network.programs.file(f"{interface}.pcap")
        self.process = network.run(host, "tcpdump", "-i", interface, "-Q", "in", "-U", "-w", self.file)
        start_line(self.process, "listening on", stream="stderr")

    def end(self):
        """Stops capturing, after what has come is written."""
        self.process.terminate()
        output(self.process)

    def frames(self, *filters):
        """The captured frames that match, a line each with the link header."""
        lines = subprocess.run(["tcpdump", "-r", self.file, "-nn", "-e", "-t", *filters], capture_output=True, text=True, check=True).stdout
        return lines.splitlines()
