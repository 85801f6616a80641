"""The real programs, started and stopped as processes beside a Mininet topology."""
import functools
import http.server
import json
import os
import re
import select
import signal
import subprocess
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
NETSERV = os.path.join(ROOT, "netserv")
PACKAGES = os.path.join(ROOT, "artifacts", "package", "release")


class Failed(Exception):
    """The scenario did not hold; the text says where."""


def expect(holds, what):
    """Prints what holds; what does not ends the scenario."""
    if not holds:
        raise Failed(what)
    print(f"  holds: {what}", flush=True)


def wait_for(what, holds, seconds=60):
    """Asks again until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {seconds} s")
        time.sleep(0.1)


def start_line(process, pattern, seconds=60, stream="stdout"):
    """Waits until the program has printed a line that matches."""
    # By the descriptor: what a text stream has read ahead, select does not see.
    source = getattr(process, stream).fileno()
    deadline, text = time.monotonic() + seconds, ""
    while time.monotonic() < deadline:
        ready, _, _ = select.select([source], [], [], max(0, deadline - time.monotonic()))
        data = os.read(source, 4096) if ready else b""
        if not data:
            break
        text += data.decode(errors="replace")
        if re.search(pattern, text[:text.rfind("\n") + 1]):
            return
    raise Failed(f"{process.args}: no line like '{pattern}' within {seconds} s, but: {text}")


def end(process):
    """Asks the process to end, and waits until it has."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Programs:
    """Controller, nodes and a bundle server; a context manager that ends what it started."""

    def __init__(self, nodes):
        self.nodes = nodes
        self.running = {}
        self.controller_url = "http://127.0.0.1:6690"

    def __enter__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="netserv-mn-")
        self.folder = self.temporary.name
        self.files = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietFiles, directory=PACKAGES))
        threading.Thread(target=self.files.serve_forever, daemon=True).start()
        try:
            self.start_controller()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.files.shutdown()
        self.files.server_close()
        for process in reversed(self.running.values()):
            end(process)
        self.temporary.cleanup()

    def file(self, name):
        """A path in the folder that goes with the scenario."""
        return os.path.join(self.folder, name)

    def start_controller(self):
        self.netserv("keygen", "--user", "alice", "--out", self.folder)
        with open(self.file("controller.json"), "w", encoding="utf-8") as file:
            json.dump({
                "openflow": ["127.0.0.1:6653"], "grpc": "127.0.0.1:6690", "http": "127.0.0.1:6691", "domain": 1,
                "users": [{"name": "alice", "keyFile": "alice.pub", "prefixes": ["10.0.0.0/8"]}],
                "nodes": [{"name": name, "token": "token-of-" + name} for name in self.nodes],
            }, file)
        start_line(self.start("controller", "controller", "--config", self.file("controller.json")), "ready")

    def start(self, name, *arguments):
        with open(self.file(name + ".log"), "a", encoding="utf-8") as log:
            self.running[name] = subprocess.Popen([NETSERV, *arguments], stdout=subprocess.PIPE, stderr=log, text=True)
        return self.running[name]

    def start_nodes(self, hosts):
        """A node process on the interface of each of these Mininet hosts; returns when all are attached."""
        for host in hosts:
            self.start(host.name, "node", "--controller", self.controller_url, "--name", host.name, "--token", "token-of-" + host.name,
                       "--port", "veth:" + host.defaultIntf().name, "--mac", host.MAC())
        wait_for(f"{len(hosts)} attached nodes", lambda: self.attached() == {host.name for host in hosts})

    def kill_node(self, name):
        """Ends the node with no chance to say goodbye."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def attached(self):
        return {node["name"] for node in self.listing("nodes") if node["state"] == "attached"}

    def netserv(self, *arguments):
        result = subprocess.run([NETSERV, *arguments], capture_output=True, text=True, timeout=60, check=False)
        if result.returncode != 0:
            raise Failed(f"netserv {arguments[0]}: {result.stdout}{result.stderr}")
        return result.stdout

    def listing(self, verb):
        return json.loads(self.netserv(verb, "--controller", self.controller_url, "--json"))

    def counters(self):
        """The counters of all modules, over all nodes."""
        return {name: value for module in self.listing("modules") for name, value in module["counters"].items()}

    def check(self, when):
        """The rules on the switches are proven: nothing loops, is lost, or passes a filter unprocessed or twice."""
        lines = self.netserv("check", "--controller", self.controller_url).splitlines()
        expect(lines[-1].startswith("proven: "), f"{when}: {lines[0]}: {lines[-1]}")

    def setup(self, module, *filters):
        """Alice's signed SETUP of a module of this repository."""
        url = f"http://127.0.0.1:{self.files.server_port}/{module.replace('_', '.')}.nupkg"
        print(self.signed("setup", module, "--url", url, "--ttl", "600", *filters), flush=True)

    def remove(self, module):
        print(self.signed("remove", module), flush=True)

    def signed(self, verb, module, *arguments):
        return self.netserv(verb, "--controller", self.controller_url, "--user", "alice", "--key", self.file("alice.key"),
                            "--wait", "40", "--module", module, *arguments).splitlines()[-1]


class QuietFiles(http.server.SimpleHTTPRequestHandler):
    """Serves bundles without a log line per request."""

    def log_message(self, *_):
        pass
