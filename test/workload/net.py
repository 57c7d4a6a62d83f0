#!/usr/bin/env python3
"""net.py WHAT N: makes N of something in the network, on loopback; addresses and ports go to the file "net".

closed	connections to a port where nobody listens, over IPv4 and as many over IPv6: each is refused
full	connections that nobody has room for: the second and later ones ask again until they give up; then how many segments TCP has sent
	once more, in all of this network namespace
udp	datagrams of 40 bytes, over IPv4 and as many over IPv6
tcp	1000 bytes each on one connection; then the segments that both ends got once it was there, and before one closed it

In a network namespace of its own (unshare -n) nothing else counts.
"""
import fcntl
import socket
import struct
import sys

LOOPBACK = (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")
TCP_SYNCNT = 7
SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def loopback_up():
    with socket.socket() as s:
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def counter(name):
    names, values = [line.split() for line in open("/proc/self/net/snmp") if line.startswith("Tcp:")]
    return int(values[names.index(name)])


def segments_in(s):
    return struct.unpack_from("I", s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256), 140)[0]


def unused(family, address, kind):
    with socket.socket(family, kind) as s:
        s.bind((address, 0))
        return s.getsockname()[1]


def closed(n):
    for family, address in LOOPBACK:
        port = unused(family, address, socket.SOCK_STREAM)
        print(address, port, file=said)
        for i in range(n):
            with socket.socket(family) as s:
                s.connect_ex((address, port))


def full(n):
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    print("127.0.0.1", listener.getsockname()[1], file=said)
    clients = []
    for i in range(n + 1):
        clients.append(socket.socket())
        clients[-1].setsockopt(socket.IPPROTO_TCP, TCP_SYNCNT, 1)
        clients[-1].connect_ex(listener.getsockname())
    print(counter("RetransSegs"), file=said)


def udp(n):
    for family, address in LOOPBACK:
        with socket.socket(family, socket.SOCK_DGRAM) as receiver, socket.socket(family, socket.SOCK_DGRAM) as s:
            receiver.bind((address, 0))
            s.connect(receiver.getsockname())
            print(address, receiver.getsockname()[1], file=said)
            for i in range(n):
                s.send(b"x" * 40)


def tcp(n):
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as client:
        server, _ = listener.accept()
        print("127.0.0.1", listener.getsockname()[1], client.getsockname()[1], file=said)
        for i in range(n):
            client.sendall(b"x" * 1000)
            server.recv(1000, socket.MSG_WAITALL)
        print(segments_in(client) + segments_in(server) - 2, file=said)
        server.close()


loopback_up()
with open("net", "w") as said:
    globals()[sys.argv[1]](int(sys.argv[2]))
