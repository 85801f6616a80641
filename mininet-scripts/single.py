"""One switch, three nodes: phones' keep-alives go from the server to the nodes and back, calls pass, nothing is lost; iperf3 and curl run beside."""
import collections
import hashlib
import json
import os
import signal
import sys

from programs import ROOT, Failed, end, expect, start_line, wait_for
from scenario import play
from topologies.single import Single
from traffic import output, reach

MODULE = "NetServ.Modules.KeepAlive_1.0.0"
SIP = os.path.join(ROOT, "mininet-scripts", "sip")
PHONES = 24
CALLS = 20
SECONDS = 8


def check(network):
    reach(network, "at rest")
    start_server(network)
    phones = Phones(network)
    wait_for("keep-alives at the server", lambda: phones.answers()["origin"] > PHONES)
    network.programs.setup(MODULE, "--filter-proto", "udp", "--filter-port", "5060", "--filter-ipv4", "10.0.0.2")
    wait_for("keep-alives at the nodes", lambda: phones.answers()["node"] > 4 * PHONES)
    beside = start_beside(network)
    check_calls(network)
    check_shares(network)
    network.programs.check("calls and keep-alives through the nodes")
    check_beside(network, beside)
    network.programs.remove(MODULE)
    at_server = phones.answers()["origin"]
    wait_for("keep-alives at the server again", lambda: phones.answers()["origin"] > at_server + 2 * PHONES)
    phones.check()
    network.programs.check("after REMOVE")


def start_server(network):
    network.run(network["h2"], "sipp", "-sf", os.path.join(SIP, "server.xml"), "-i", network["h2"].IP(), "-p", "5060", "-nostdin", log="server.log")
    wait_for("the SIP server", lambda: ":5060 " in network["h2"].cmd("ss -lun"))


class Phones:
    """PHONES user agents at a time at h1, each of its own port; who is done is followed by another."""

    def __init__(self, network):
        self.log = network.programs.file("phones.log")
        self.process = network.run(
            network["h1"], "sipp", "-sf", os.path.join(SIP, "phone.xml"), "-i", network["h1"].IP(), "-t", "un", "-max_socket", "1000", "-nostdin",
            "-r", "10", "-l", str(PHONES), "-trace_logs", "-log_file", self.log, network["h2"].IP() + ":5060", log="phones.out")
        self.out = network.programs.file("phones.out")

    def lines(self):
        """(phone, who answered) of each keep-alive so far."""
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="utf-8") as log:
            words = [line.split() for line in log if line.startswith("answer ") and line.endswith("\n")]
        return [(int(word[1]), word[2] if len(word) > 2 else "node") for word in words]

    def answers(self):
        """How many keep-alives the server (origin) and the nodes have answered."""
        if self.process.poll() is not None:
            self.tell()
        return collections.Counter(who for _, who in self.lines())

    def tell(self):
        with open(self.out, encoding="utf-8") as out:
            raise Failed(f"the phones ended with {self.process.returncode}: {out.read()[-3000:]}")

    def check(self):
        """Lets the phones finish: each keep-alive was answered, by the server, then by the nodes, then by the server."""
        self.process.send_signal(signal.SIGUSR1)
        if self.process.wait(60) != 0:
            self.tell()
        lines = self.lines()
        by_phone = collections.defaultdict(list)
        for phone, who in lines:
            by_phone[phone].append(who)
        short = {phone: len(whos) for phone, whos in by_phone.items() if len(whos) != 10}
        expect(not short, f"all {len(lines)} keep-alives of {len(by_phone)} phones were answered: {dict(collections.Counter(who for _, who in lines))}")
        torn = {phone: whos for phone, whos in by_phone.items() if changes(whos) > 2 or (whos[0] == "node" and changes(whos) > 1)}
        expect(not torn, "each phone was handed over to the nodes once at the most, and back once" + (f", but {torn}" if torn else ""))


def changes(whos):
    return sum(one != other for one, other in zip(whos, whos[1:]))


def check_calls(network):
    """Calls from INVITE to BYE meet the module, which lets them pass."""
    before = network.programs.counters().get("passed", 0)
    output(network.run(network["h1"], "sipp", "-sn", "uac", "-i", network["h1"].IP(), "-p", "5080", "-nostdin", "-d", "200",
                       "-m", str(CALLS), "-r", "10", network["h2"].IP() + ":5060"))
    wait_for("the module's counters", lambda: network.programs.counters().get("passed", 0) >= before + 3 * CALLS)
    expect(True, f"{CALLS} calls from INVITE to BYE went through the nodes to the server")


def check_shares(network):
    """The switch's own rules say which node each flow takes."""
    ports = {network.port("s1", node.name): node.name for node in network.nodes}
    shares = collections.Counter()
    for rule in network.rules("s1"):
        for port, name in ports.items():
            if "tp_dst=5060" in rule and rule.endswith(f"output:{port}"):
                shares[name] += 1
    flows = sum(shares.values())
    fair = flows / len(ports)
    expect(len(shares) == len(ports) and max(shares.values()) <= 1.05 * fair + 1, f"{flows} flows are shared by the nodes: {dict(sorted(shares.items()))}")


def start_beside(network):
    """TCP and UDP by iperf3 and a web download by curl between h3 and h4, while the phones talk."""
    folder = network.programs.file("web")
    os.mkdir(folder)
    with open(os.path.join(folder, "page"), "wb") as page:
        page.write(os.urandom(1 << 20))
    web = network.run(network["h4"], sys.executable, "-u", "-m", "http.server", "--directory", folder, "80")
    start_line(web, "Serving HTTP")
    for port in ("5201", "5202"):
        server = network.run(network["h4"], "iperf3", "-s", "-1", "-p", port, "--forceflush")
        start_line(server, "Server listening")
    client = ("iperf3", "-c", network["h4"].IP(), "-t", str(SECONDS), "-J")
    return {
        "tcp": network.run(network["h3"], *client, "-p", "5201", "-b", "20M"),
        "udp": network.run(network["h3"], *client, "-p", "5202", "-u", "-b", "1M"),
        "web": web,
    }


def check_beside(network, beside):
    sink = network.programs.file("page")
    output(network.run(network["h3"], "curl", "-sS", "--fail", "-o", sink, f"http://{network['h4'].IP()}/page"))
    expect(digest(sink) == digest(os.path.join(network.programs.file("web"), "page")), "curl got a page of 1 MiB as it is")
    rules = [rule for rule in network.rules("s1") if "tp_dst=520" in rule or "tp_dst=80 " in rule]
    tcp = json.loads(output(beside["tcp"]))["end"]
    udp = json.loads(output(beside["udp"]))["end"]["sum"]
    expect(tcp["sum_received"]["bytes"] > 0, f"iperf3 moved {tcp['sum_received']['bytes'] >> 20} MiB by TCP, {tcp['sum_sent']['retransmits']} segments sent again")
    expect(udp["lost_packets"] == 0, f"iperf3 sent {udp['packets']} datagrams, {udp['lost_packets']} lost")
    expect(not rules, "neither of them has a rule of its own")
    end(beside["web"])


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


if __name__ == "__main__":
    play("single", Single(), check)
