"""Numbered datagrams between hosts: 'stream.py send' and 'stream.py receive' run inside them, by traffic.py.

The payload says flow, number, time of sending (the monotonic clock, which all hosts share) and stamp=00, which module Mark counts up.
"""
import argparse
import socket
import time


def send(options):
    """Sends to each address by each flow once an interval; a flow is a source port."""
    sockets = []
    for _ in range(options.flows):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sockets.append(one)
    start = time.monotonic()
    for number in range(options.count):
        for flow, one in enumerate(sockets):
            for address in options.to:
                one.sendto(f"{flow} {number} {time.monotonic():.6f} stamp=00".encode(), (address, options.port))
        time.sleep(max(0, start + (number + 1) * options.interval - time.monotonic()))


def receive(options):
    """Prints 'SOURCE FLOW NUMBER SENT ARRIVED STAMP' of each datagram, once none has come for a while after the first."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        one.bind(("", options.port))
        one.settimeout(60)
        print("ready", flush=True)
        lines = []
        try:
            while True:
                data, (source, _) = one.recvfrom(200)
                flow, number, sent, stamp = data.decode().split()
                lines.append(f"{source} {flow} {number} {sent} {time.monotonic():.6f} {stamp[-2:]}")
                one.settimeout(options.silence)
        except socket.timeout:
            print("\n".join(lines))


def forge(options):
    """Sends one frame of EtherType 0x88b6 (IEEE 802, for local experiments) to a MAC in each of the VLANs."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as one:
        one.bind((options.interface, 0))
        addresses = bytes.fromhex(options.mac.replace(":", "")) + one.getsockname()[4]
        for vlan in options.vlan:
            one.send(addresses + b"\x81\x00" + vlan.to_bytes(2, "big") + b"\x88\xb6" + bytes(46))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(required=True)
    sender = verbs.add_parser("send")
    sender.add_argument("--to", action="append", required=True)
    sender.add_argument("--port", type=int, default=7000)
    sender.add_argument("--flows", type=int, default=1)
    sender.add_argument("--count", type=int, required=True)
    sender.add_argument("--interval", type=float, required=True)
    sender.set_defaults(act=send)
    receiver = verbs.add_parser("receive")
    receiver.add_argument("--port", type=int, default=7000)
    receiver.add_argument("--silence", type=float, default=2)
    receiver.set_defaults(act=receive)
    forger = verbs.add_parser("forge")
    forger.add_argument("--interface", required=True)
    forger.add_argument("--mac", required=True)
    forger.add_argument("--vlan", type=int, action="append", required=True)
    forger.set_defaults(act=forge)
    options = parser.parse_args()
    options.act(options)


if __name__ == "__main__":
    main()
