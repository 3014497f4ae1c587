# SPDX-License-Identifier: GPL-2.0-or-later
"""A name server (RFC 1035) for tests, over UDP and TCP: dns_server.py ADDRESS...

server.test has 192.168.13.1 and fd13::1, with a pointer back; big.test a TXT
record that UDP is too small for; other names in .test do not exist.
"""
import ipaddress
import socket
import socketserver
import struct
import sys
import threading

A, PTR, TXT, AAAA = 1, 12, 16, 28
NAME_ERROR, TRUNCATED = 3, 0x0200


def encode(name):
    labels = [label.encode() for label in name.rstrip(".").split(".")]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


V4 = ipaddress.ip_address("192.168.13.1")
V6 = ipaddress.ip_address("fd13::1")
RECORDS = {
    ("server.test", A): V4.packed,
    ("server.test", AAAA): V6.packed,
    (V4.reverse_pointer, PTR): encode("server.test"),
    (V6.reverse_pointer, PTR): encode("server.test"),
    ("big.test", TXT): (b"\xff" + b"x" * 255) * 20,
}
NAMES = {name for name, _ in RECORDS}


def answer(query, room):
    number, _, _ = struct.unpack_from(">HHH", query)
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode().lower())
        at += 1 + query[at]
    (kind,) = struct.unpack_from(">H", query, at + 1)
    question = query[12 : at + 5]
    name = ".".join(labels)
    data = RECORDS.get((name, kind))
    # An authoritative answer; recursion was desired and is available.
    flags = 0x8580 | (0 if name in NAMES else NAME_ERROR)
    record = b"" if data is None else struct.pack(">HHHIH", 0xC00C, kind, 1, 60, len(data)) + data
    if 12 + len(question) + len(record) > room:
        flags |= TRUNCATED
        record = b""
    return struct.pack(">HHHHHH", number, flags, 1, 1 if record else 0, 0, 0) + question + record


class Datagrams(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        sock.sendto(answer(data, 512), self.client_address)


class Stream(socketserver.StreamRequestHandler):
    def handle(self):
        while length := self.rfile.read(2):
            reply = answer(self.rfile.read(struct.unpack(">H", length)[0]), 65535)
            self.wfile.write(struct.pack(">H", len(reply)) + reply)


def serve(base, address, handler):
    class Server(base):
        address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        allow_reuse_address = True

    threading.Thread(target=Server((address, 53), handler).serve_forever).start()


for argument in sys.argv[1:]:
    serve(socketserver.ThreadingTCPServer, argument, Stream)
    serve(socketserver.ThreadingUDPServer, argument, Datagrams)
