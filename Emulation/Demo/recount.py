#!/usr/bin/env python3
"""Counts a recorded run of the demo again, from what `--record DIR` kept, and compares it with the JSON that the demo printed.

usage: recount.py DIR DEMO.json        exit 0: all agree; 1: differences, one a line; 2: cannot tell

tshark reads the frames and OpenFlow messages; nothing is shared with the demo but the manifest (flow table, ports, times).
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict, deque
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

NO_VLAN, NO_TYPE, IPV4, TAG = 0xFFFF, 0x05FF, 0x0800, 0x8100
ICMP, TCP, UDP = 1, 6, 17
STRANGER, HOUSEKEEPING = -1, -2
NO_TUPLE = ("0.0.0.0", "0.0.0.0", 0, 0, 0)
TOKEN = re.compile(rb"NSDp(\d)f(\d{5})s(\d{6})")
STAMP = re.compile(rb"stamp=(\d\d)")
SOLID = ["-o", "ip.defragment:FALSE", "-o", "tcp.desegment_tcp_streams:FALSE"]
FIELDS = (
    "frame.time_epoch eth.src eth.dst eth.type vlan.id vlan.etype ip.src ip.dst ip.proto ip.flags.mf ip.frag_offset icmp.type icmp.code "
    "udp.srcport udp.dstport tcp.srcport tcp.dstport udp.payload tcp.payload data.data openflow_1_0.type openflow.in_port openflow.command"
).split()


class Trouble(Exception):
    """Nothing can be said about the recording."""


class Identity(NamedTuple):
    flow: int
    key: object
    phase: int
    mark: int  # what the marking module counts up


class Seen(NamedTuple):
    time: int
    port: int
    outward: bool  # out of the switch
    what: Identity


class Tshark:
    """Runs tshark, away from the settings of whoever runs this."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory()

    def lines(self, path, *options):
        environment = dict(os.environ, HOME=self.home.name, WIRESHARK_CONFIG_DIR=self.home.name, LC_ALL="C")
        try:
            run = subprocess.run(["tshark", "-n", "-r", path, *options], capture_output=True, env=environment, check=False)
        except FileNotFoundError:
            raise Trouble("tshark is not installed; apt-get install tshark") from None
        if run.returncode != 0:
            raise Trouble(f"tshark cannot read {path}: {run.stderr.decode(errors='replace').strip().splitlines()[-1:]}")
        return run.stdout.decode().splitlines()

    def fields(self, path, *options):
        """One dict a frame: field to all its values, outermost first."""
        wanted = [word for field in FIELDS for word in ("-e", field)]
        rows = self.lines(path, *options, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|", *wanted)
        for row in rows:
            yield {field: value.split("|") for field, value in zip(FIELDS, row.split("\t")) if value}

    def raw(self, path):
        """The bytes of each frame."""
        for line in self.lines(path, "--disable-protocol", "eth", "--disable-protocol", "eth_withoutfcs", "-T", "ek", "-x", "-j", "frame"):
            if line.startswith('{"timestamp"'):
                yield bytes.fromhex(json.loads(line)["layers"]["frame_raw"])


class Headers:
    """What a switch sees of a frame, as tshark dissected it."""

    def __init__(self, fields, inner=0):
        """inner: 1 for the frame inside an OpenFlow message, whose own headers come first."""
        self.fields = fields
        pick = self.pick
        self.source, self.destination = pick("eth.src", inner, ""), pick("eth.dst", inner, "")
        self.type = int(pick("eth.type", inner, str(NO_TYPE)), 0)
        self.vlan = NO_VLAN
        if self.type == TAG and "vlan.id" in fields:
            self.vlan = int(pick("vlan.id", 0))
            self.type = int(pick("vlan.etype", 0, str(NO_TYPE)), 0)
        self.tuple, self.payload = NO_TUPLE, b""
        self.is_ipv4 = self.type == IPV4 and len(fields.get("ip.src", [])) > inner
        if self.is_ipv4:
            self.read_ip(inner)

    def read_ip(self, inner):
        pick = self.pick
        protocol = int(pick("ip.proto", inner))
        fragment = pick("ip.flags.mf", inner) in ("1", "True") or int(pick("ip.frag_offset", inner, "0")) != 0
        ports, payload = (0, 0), ""
        if protocol == UDP and not fragment:
            ports, payload = self.ports("udp", 0), pick("udp.payload", 0, "")
        elif protocol == TCP and not fragment:
            ports, payload = self.ports("tcp", inner), pick("tcp.payload", inner, "")
        elif protocol == ICMP and not fragment:
            ports, payload = (int(pick("icmp.type", 0, "0")), int(pick("icmp.code", 0, "0"))), pick("data.data", 0, "")
        self.tuple = (pick("ip.src", inner), pick("ip.dst", inner), protocol, *ports)
        self.payload = bytes.fromhex(payload.replace(":", ""))

    def ports(self, protocol, at):
        return int(self.pick(f"{protocol}.srcport", at, "0")), int(self.pick(f"{protocol}.dstport", at, "0"))

    def pick(self, field, at, otherwise="0"):
        values = self.fields.get(field, [])
        return values[at] if at < len(values) else otherwise

    @property
    def link(self):
        return self.source, self.destination, self.vlan, self.type


class Run:
    """What the manifest says."""

    def __init__(self, folder):
        try:
            with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
                self.manifest = json.load(file)
        except (OSError, ValueError) as error:
            raise Trouble(f"{folder} is no finished recording: {error}") from None
        self.folder = folder
        self.flows = self.manifest["flows"]
        self.stamps = self.manifest["module"] == "mark"
        self.nodes = {port["number"]: port["name"] for port in self.manifest["ports"] if port["role"] == "node"}
        self.spans = {part["code"]: part for part in self.manifest["parts"].values()}
        self.answers = {flow["answerTo"]: flow["index"] for flow in self.flows if flow["answerTo"] >= 0}
        self.by_tuple, self.by_link, self.running = {}, {}, {}
        for flow in self.flows:
            where = self.place(flow)
            if self.manifest["identity"] == "bytes" and flow["running"]:
                self.running[self.by_link[where]] = flow["index"]
            else:
                self.by_link[where] = flow["index"]
            self.by_tuple.setdefault(tuple(flow["tuple"]), flow["index"])
        self.sip = {index for pair in self.answers.items() for index in pair}

    def path(self, name):
        return os.path.join(self.folder, name)

    @staticmethod
    def place(flow):
        link = flow["link"]
        return (link["source"], link["destination"], link["vlan"], link["type"]), tuple(flow["tuple"])

    def phase_at(self, time):
        return next((code for code, span in self.spans.items() if span["begin"] <= time <= span["end"]), None)

    def identify(self, headers, time, raw):
        return self.by_token(headers, time) if self.manifest["identity"] == "token" else self.by_bytes(headers, time, raw)

    def by_token(self, headers, time):
        """The demo's own packets say in their payload which they are; a SIP answer repeats it."""
        if not headers.is_ipv4:
            return Identity(HOUSEKEEPING, None, self.phase_at(time), 0)
        token = TOKEN.search(headers.payload)
        flow = int(token[2]) if token and int(token[2]) < len(self.flows) else None
        if flow is not None and headers.payload.startswith(b"SIP/2.0 "):
            flow = self.answers.get(flow)
        if flow is None:
            return Identity(self.by_tuple.get(headers.tuple, STRANGER), None, self.phase_at(time), 0)
        stamp = STAMP.search(headers.payload)
        return Identity(flow, int(token[3]), int(token[1]), int(stamp[1]) if stamp else 0)

    def by_bytes(self, headers, time, raw):
        """A capture's packets are known by their addresses and bytes. Where lengths are wrong, tshark and a switch may read on differently far."""
        phase = self.phase_at(time)
        addresses = headers.tuple[:3] + (0, 0)
        found = (self.by_link.get((headers.link, known)) for known in (headers.tuple, addresses, NO_TUPLE))
        flow = next((index for index in found if index is not None), None)
        if flow is None:
            return Identity(STRANGER if headers.is_ipv4 else HOUSEKEEPING, None, phase, 0)
        key, mark = self.unmarked(headers, raw) if raw else (None, 0)
        if flow in self.sip:
            key = sip_key(headers.payload) or key
        if phase in (2, 4):
            flow = self.running.get(flow, flow)
        return Identity(flow, key, phase, mark)

    def unmarked(self, headers, raw):
        """A frame without what the marking module changes in it, and the number that it counts up."""
        if not self.stamps or not headers.is_ipv4:
            return raw, 0
        ip = 14 if headers.vlan == NO_VLAN else 18
        frame = bytearray(raw)
        stamp = STAMP.search(headers.payload[:520]) if headers.tuple[2] == UDP else None
        if stamp and stamp.start() <= 512 - len(b"stamp="):
            payload = ip + (raw[ip] & 15) * 4 + 8
            frame[payload + stamp.start(1) : payload + stamp.end(1)] = b"\0\0"
            frame[payload - 2 : payload] = b"\0\0"
            return bytes(frame), int(stamp[1])
        frame[ip + 1] &= 3
        frame[ip + 10 : ip + 12] = b"\0\0"
        return bytes(frame), raw[ip + 1] >> 2


def sip_key(payload):
    """What a NOTIFY and its answer have in common: Call-ID and CSeq (RFC 3261 section 8.2.6.2)."""
    if not payload.startswith((b"NOTIFY ", b"SIP/2.0 ")):
        return None
    values = {}
    for line in payload.split(b"\r\n\r\n")[0].split(b"\r\n"):
        name, colon, value = line.partition(b":")
        values.setdefault({b"i": b"call-id"}.get(name.strip().lower(), name.strip().lower()), value.strip())
    found = values.get(b"call-id"), values.get(b"cseq")
    return found if all(found) else None


def nanoseconds(text):
    seconds, _, fraction = text.partition(".")
    return int(seconds) * 10**9 + int(fraction.ljust(9, "0")[:9])


def read_port(run, tshark, port, direction):
    path = run.path(port[direction])
    rows = list(tshark.fields(path, *SOLID))
    raws = tshark.raw(path) if run.manifest["identity"] == "bytes" else (b"" for _ in rows)
    seen = []
    for fields, raw in zip(rows, raws):
        time = nanoseconds(fields["frame.time_epoch"][0])
        seen.append(Seen(time, port["number"], direction == "outOf", run.identify(Headers(fields), time, raw)))
    return (port["number"], direction, len(rows)), seen


def read_connection(run, tshark, name):
    """PacketIns as (time, identity), and the times of FlowMods that add or change a rule."""
    packet_ins, flow_mods = [], []
    for fields in tshark.fields(run.path(name), "-Y", "openflow_1_0.type == 10 or openflow_1_0.type == 14"):
        time = nanoseconds(fields["frame.time_epoch"][0])
        if fields["openflow_1_0.type"][0] == "10":
            packet_ins.append((time, run.identify(Headers(fields, inner=1), time, b"")))
        elif int(fields["openflow.command"][0], 0) < 3:
            flow_mods.append(time)
    return packet_ins, flow_mods


class Tally:
    """Packets of one flow that look the same."""

    def __init__(self, flow):
        self.flow = flow
        self.sent = self.into_nodes = self.unstamped = self.stamped_twice = self.strayed = 0
        self.mark = 0
        self.arrived = Counter()

    @property
    def delivered(self):
        return min(self.sent, min(self.arrived[port] for port in self.flow["receivers"]))

    @property
    def surplus(self):
        return max(0, max(self.arrived[port] for port in self.flow["receivers"]) - self.sent)

    def take(self, seen, nodes, base):
        flow = self.flow
        if not seen.outward:
            if seen.port == flow["sender"]:
                self.mark = seen.what.mark if self.sent == 0 and base else self.mark
                self.sent += 1
        elif seen.port in nodes:
            self.into_nodes += 1
        elif seen.port not in flow["receivers"]:
            self.strayed += 1
        else:
            self.arrived[seen.port] += 1
            stamps = seen.what.mark - self.mark
            self.unstamped += stamps <= 0
            self.stamped_twice += stamps > 1


class Part:
    """One part of the run, counted."""

    def __init__(self, run, code, sightings):
        self.run, self.code = run, code
        self.seen = [s for s in sightings if s.what.phase == code]
        self.tallies = {}
        for seen in self.seen:
            if seen.what.flow >= 0:
                where = seen.what.flow, seen.what.key
                tally = self.tallies.setdefault(where, Tally(run.flows[seen.what.flow]))
                tally.take(seen, run.nodes, run.manifest["identity"] == "bytes")
        self.reordered, self.ways = self.follow()

    def total(self, of, matching=None):
        return sum(of(t) for t in self.tallies.values() if matching is None or t.flow["matching"] == matching)

    def common(self):
        sent, delivered = self.total(lambda t: t.sent), self.total(lambda t: t.delivered)
        answered = 0
        for (flow, key), tally in self.tallies.items():
            asked = self.tallies.get((self.run.flows[flow]["answerTo"], key))
            if asked:
                answered += min(tally.surplus, asked.sent - asked.delivered)
        return {
            "sent": sent,
            "delivered": delivered,
            "answeredByModule": answered,
            "lost": sent - delivered - answered,
            "duplicated": self.total(lambda t: t.surplus) - answered,
            "reordered": self.reordered,
        }

    def follow(self):
        """Packets that overtook others of their flow, and of each flow's packets: when sent, whether by a node."""
        legs = defaultdict(lambda: (deque(), deque(), deque()))  # towards the switch, at a node, back from it
        ways, latest, reordered = defaultdict(list), defaultdict(int), 0
        for seen in self.seen:
            if seen.what.flow < 0:
                continue
            flow = self.run.flows[seen.what.flow]
            towards, at_node, back = legs[seen.what.flow, seen.what.key]
            is_node = flow["matching"] and seen.port in self.run.nodes
            if not seen.outward and seen.port == flow["sender"]:
                way = [seen.time, False, len(ways[flow["index"]])]
                ways[flow["index"]].append(way)
                towards.append(way)
            elif not seen.outward and is_node and at_node:
                back.append(at_node.popleft())
            elif seen.outward and is_node and towards:
                towards[0][1] = True
                at_node.append(towards.popleft())
            elif seen.outward and seen.port == flow["receivers"][0] and (back or towards):
                ordinal = (back or towards).popleft()[2]
                reordered += ordinal < latest[flow["index"]]
                latest[flow["index"]] = max(latest[flow["index"]], ordinal)
        return reordered, ways

    def node_visits(self):
        visits = defaultdict(set)
        for seen in self.seen:
            if seen.outward and seen.port in self.run.nodes and seen.what.flow >= 0 and self.run.flows[seen.what.flow]["matching"]:
                flow = self.run.flows[seen.what.flow]
                visits[flow["link"]["vlan"], *flow["tuple"]].add(self.run.nodes[seen.port])
        return visits

    def phase(self, packet_ins, flow_mods):
        run, span = self.run, self.run.spans[self.code]
        ins = [(time, what) for time, what in packet_ins if what.phase == self.code and what.flow != HOUSEKEEPING]
        late = [what for time, what in ins if time >= span["settled"]]
        floods = [w for w in late if w.flow >= 0 and int(run.flows[w.flow]["link"]["destination"][:2], 16) & 1]
        counted = [f for f in run.flows if not f["running"]]
        per_flow = Counter(what.flow for _, what in ins)
        of_matching = [per_flow[f["index"]] for f in counted if f["matching"]] or [0]
        visits = self.node_visits()
        past = lambda t: max(0, t.delivered - t.into_nodes, t.unstamped if run.stamps else 0)
        return self.common() | {
            "matchingFlows": sum(f["matching"] for f in counted),
            "otherFlows": sum(not f["matching"] for f in counted),
            "strayed": self.total(lambda t: t.strayed),
            "unprocessed": self.total(past, True) if self.code == 3 else 0,
            "processedTwice": self.total(lambda t: max(t.into_nodes - t.sent, t.stamped_twice), True),
            "matchingThroughNodes": self.total(lambda t: t.into_nodes, True),
            "otherThroughNodes": sum(s.outward and s.port in run.nodes and self.is_other(s.what.flow) for s in self.seen),
            "packetInsPerMatchingFlow": {"min": min(of_matching), "max": max(of_matching)},
            "packetInsAfterSettled": len(late) - len(floods),
            "packetInsOfFloods": len(floods),
            "perNode": {name: sum(name in nodes for nodes in visits.values()) for name in run.nodes.values()},
            "flowsOnSeveralNodes": sum(len(nodes) > 1 for nodes in visits.values()),
            "packetIns": len(ins),
            "flowMods": sum(span["begin"] <= time <= span["end"] for time in flow_mods),
        }

    def is_other(self, flow):
        return flow == STRANGER or (flow >= 0 and not self.run.flows[flow]["matching"])

    def transition(self, mark):
        moved = [self.new_way_from(f["index"], mark["throughNodes"]) for f in self.run.flows if f["running"] and f["matching"]]
        return self.common() | {
            "runningFlows": len(moved),
            "acknowledgedAfterMs": milliseconds(mark["acknowledged"] - mark["asked"]),
            "steeredAfterMs": max((milliseconds(time - mark["acknowledged"]) for time in moved), default=0),
        }

    def new_way_from(self, flow, through_nodes):
        """When the first packet was sent from which on all took the new way; the last one's time if none did."""
        start, on_new_way = 0, True
        for time, through_node, _ in self.ways[flow]:
            is_new = through_node == through_nodes
            if not is_new or not on_new_way:
                start = time
            on_new_way = is_new
        return start


def milliseconds(nanos):
    return max(0, round(nanos / 1e6, 1))


def port_counters(run, frames):
    """The switch's own counters (ovs-ofctl dump-ports) against the frames recorded; None where the switch has none."""
    if not os.path.exists(run.path("dump-ports.txt")):
        return None
    with open(run.path("dump-ports.txt"), encoding="utf-8") as file:
        rows = re.findall(r'port\s+"?(\d+)"?:\s*rx pkts=(\d+),[^:]*?tx pkts=(\d+),', file.read())
    theirs = {int(port): (int(received), int(sent)) for port, received, sent in rows}
    numbers = [port["number"] for port in run.manifest["ports"]]
    return all(theirs.get(n) == (frames[n, "into"], frames[n, "outOf"]) for n in numbers)


def recount(folder):
    """The demo's JSON, as far as it can be had from the recording, and how much was read for it."""
    run, tshark = Run(folder), Tshark()
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        jobs = [(port, direction) for port in run.manifest["ports"] for direction in ("into", "outOf")]
        ports = pool.map(lambda job: read_port(run, tshark, *job), jobs)
        connections = list(pool.map(lambda name: read_connection(run, tshark, name), run.manifest["connections"]))
        ports = list(ports)
    frames = {(number, direction): count for (number, direction, count), _ in ports}
    sightings = sorted((s for _, seen in ports for s in seen), key=lambda s: s.time)
    packet_ins = sorted((p for ins, _ in connections for p in ins), key=lambda p: p[0])
    flow_mods = [time for _, mods in connections for time in mods]
    parts = {name: Part(run, part["code"], sightings) for name, part in run.manifest["parts"].items()}
    result = {name: run.manifest[name] for name in ("switch", "nodes", "module", "pps", "burst")}
    result["filter"] = run.manifest["filter"]["text"]
    result["control"] = {name: value for name, value in parts["control"].common().items() if name != "answeredByModule"}
    result["phases"] = [{"name": name} | parts[name].phase(packet_ins, flow_mods) for name in ("before", "installed", "removed")]
    result["transitions"] = [{"name": mark["name"]} | parts[mark["name"]].transition(mark) for mark in run.manifest["transitions"]]
    result["portCounters"] = {"agrees": port_counters(run, frames)}
    return result, sum(frames.values()), len(packet_ins) + len(flow_mods)


def differences(demo, recounted, path=""):
    """Each value of the recount that the demo's JSON does not have."""
    if isinstance(recounted, dict) and isinstance(demo, dict):
        for name, value in recounted.items():
            yield from differences(demo.get(name), value, f"{path}.{name}" if path else name)
    elif isinstance(recounted, list) and isinstance(demo, list) and len(recounted) == len(demo):
        for ours, theirs in zip(recounted, demo):
            yield from differences(theirs, ours, f"{path}.{ours['name']}")
    elif demo != recounted:
        yield f"{path}: the demo says {json.dumps(demo)}, the recording {json.dumps(recounted)}"


def values(recounted):
    if isinstance(recounted, dict):
        return sum(map(values, recounted.values()))
    return sum(map(values, recounted)) if isinstance(recounted, list) else 1


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    try:
        with open(arguments[1], encoding="utf-8") as file:
            demo = json.load(file)
        recounted, frames, messages = recount(arguments[0])
    except (Trouble, OSError, ValueError) as error:
        print(f"recount: {error}", file=sys.stderr)
        return 2
    found = list(differences(demo, recounted))
    for line in found:
        print(line)
    if not found:
        print(f"agrees: {values(recounted)} values, counted again from {frames} frames and {messages} OpenFlow messages")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
