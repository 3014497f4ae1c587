# SPDX-License-Identifier: GPL-2.0-or-later
"""Both ends of a connection of Multipath TCP (RFC 8684), for mptcp.ts."""
import socket
import struct
import sys
import time

IPPROTO_MPTCP = 262
SOL_MPTCP = 284
MPTCP_INFO = 1
SIZE = 1 << 20

NETLINK_GENERIC = 16
GENL_ID_CTRL = 16
NLM_F_REQUEST_ACK = 1 | 4


def attribute(kind, data):
    length = 4 + len(data)
    return struct.pack("HH", length, kind) + data + bytes(-length % 4)


class GenericNetlink:
    """One family of it: netlink(7), linux/genetlink.h."""

    def __init__(self, family):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.socket.bind((0, 0))
        # CTRL_CMD_GETFAMILY by CTRL_ATTR_FAMILY_NAME: the answer's first attribute is
        # the name, and the second, CTRL_ATTR_FAMILY_ID.
        reply = self.request(GENL_ID_CTRL, 3, attribute(2, family.encode() + b"\0"))
        at = 20
        while True:
            length, kind = struct.unpack_from("HH", reply, at)
            if kind == 1:
                (self.id,) = struct.unpack_from("H", reply, at + 4)
                break
            at += length + -length % 4

    def request(self, family, command, attributes):
        body = struct.pack("BBH", command, 1, 0) + attributes
        header = struct.pack("IHHII", 16 + len(body), family, NLM_F_REQUEST_ACK, 1, 0)
        self.socket.send(header + body)
        reply = self.socket.recv(65536)
        if struct.unpack_from("H", reply, 4)[0] == 2:  # NLMSG_ERROR, or its success
            (error,) = struct.unpack_from("i", reply, 16)
            if error:
                raise OSError(-error, f"command {command}")
        return reply


def add_endpoint(address):
    """ip mptcp endpoint add ADDRESS subflow (linux/mptcp_pm.h)."""
    pm = GenericNetlink("mptcp_pm")
    family = attribute(1, struct.pack("H", socket.AF_INET))
    ipv4 = attribute(3, socket.inet_aton(address))
    flags = attribute(6, struct.pack("I", 2))
    pm.request(pm.id, 1, attribute(1 | 0x8000, family + ipv4 + flags))


def extra_paths(connection):
    return connection.getsockopt(SOL_MPTCP, MPTCP_INFO, 64)[0]


def connect(host, port, other):
    add_endpoint(other)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP) as connection:
        connection.connect((host, port))
        # The second path begins once data has gone both ways.
        connection.sendall(b"x")
        connection.recv(1)
        for _ in range(500):
            if extra_paths(connection):
                break
            time.sleep(0.01)
        paths = 1 + extra_paths(connection)
        connection.sendall(bytes(SIZE - 1))
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)
    print(paths, "paths")


def serve(port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("", port))
        listener.listen()
        connection, _ = listener.accept()
        with connection:
            received = len(connection.recv(1))
            connection.sendall(b"y")
            while data := connection.recv(65536):
                received += len(data)
            # Both paths are there to be seen until the test has.
            sys.stdin.read()
    print(received, "bytes")


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]))
else:
    connect(sys.argv[2], int(sys.argv[3]), sys.argv[4])
