"""The real programs, started and stopped as processes beside a Mininet topology."""
import functools
import http.server
import os
import re
import select
import subprocess
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
NETSERV = os.path.join(ROOT, "netserv")
PACKAGES = os.path.join(ROOT, "artifacts", "package", "release")


class Failed(Exception):
    """The scenario did not hold; the text says where."""


def start_line(process, pattern, seconds):
    """Waits until the program has printed a line that matches."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ready, _, _ = select.select([process.stdout], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            break
        line = process.stdout.readline()
        if not line:
            break
        if re.search(pattern, line):
            return line
    raise Failed(f"{process.args}: no line like '{pattern}' within {seconds} s")


class Programs:
    """Controller, nodes and a bundle server; a context manager that ends what it started."""

    def __init__(self, nodes):
        self.folder = tempfile.TemporaryDirectory(prefix="netserv-mn-")
        self.nodes = nodes
        self.running = []
        self.controller_url = "http://127.0.0.1:6690"

    def __enter__(self):
        path = self.folder.name
        self.netserv("keygen", "--user", "alice", "--out", path)
        nodes = ",".join('{"name":"%s","token":"token-of-%s"}' % (n, n) for n in self.nodes)
        with open(os.path.join(path, "controller.json"), "w", encoding="utf-8") as file:
            file.write('{"openflow":["127.0.0.1:6653"],"grpc":"127.0.0.1:6690","http":"127.0.0.1:6691","domain":1,'
                       '"users":[{"name":"alice","keyFile":"alice.pub","prefixes":["10.0.0.0/8"]}],"nodes":[%s]}' % nodes)
        controller = self.start("controller", "--config", os.path.join(path, "controller.json"))
        start_line(controller, "ready", 20)
        handler = functools.partial(QuietFiles, directory=PACKAGES)
        self.files = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.files.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.files.shutdown()
        for process in reversed(self.running):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        self.folder.cleanup()

    def start(self, *arguments):
        log = open(os.path.join(self.folder.name, arguments[0] + ".log"), "a", encoding="utf-8")
        process = subprocess.Popen([NETSERV, *arguments], stdout=subprocess.PIPE, stderr=log, text=True)
        self.running.append(process)
        return process

    def start_node(self, name, interface, mac):
        self.start("node", "--controller", self.controller_url, "--name", name, "--token", "token-of-" + name,
                   "--port", "veth:" + interface, "--mac", mac)

    def netserv(self, *arguments, check=True):
        result = subprocess.run([NETSERV, *arguments], capture_output=True, text=True, timeout=60, check=False)
        if check and result.returncode != 0:
            raise Failed(f"netserv {arguments[0]}: {result.stdout}{result.stderr}")
        return result.stdout

    def setup(self, module, *filters):
        url = f"http://127.0.0.1:{self.files.server_port}/{module.replace('_', '.')}.nupkg"
        return self.netserv("setup", "--controller", self.controller_url, "--user", "alice", "--key",
                            os.path.join(self.folder.name, "alice.key"), "--module", module, "--url", url, "--ttl", "600", *filters)

    def remove(self, module):
        return self.netserv("remove", "--controller", self.controller_url, "--user", "alice", "--key",
                            os.path.join(self.folder.name, "alice.key"), "--module", module)

    def wait_attached(self, count, seconds=20):
        deadline = time.monotonic() + seconds
        while self.netserv("nodes", "--controller", self.controller_url).count("attached") < count:
            if time.monotonic() > deadline:
                raise Failed(f"{count} nodes did not attach within {seconds} s")


class QuietFiles(http.server.SimpleHTTPRequestHandler):
    """Serves bundles without a log line per request."""

    def log_message(self, *_):
        pass
