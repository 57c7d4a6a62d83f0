#!/usr/bin/env python3
"""net.py WHAT N: makes N of something in the network, on loopback; addresses and ports go to the file "net".

closed	connections to a port where nobody listens, over IPv4 and as many over IPv6: each is refused
full	connections that nobody has room for: the second and later ones ask again until they give up
udp	datagrams of 40 bytes, over IPv4 and as many over IPv6
tcp	1000 bytes each on one connection
"""
import socket
import sys

LOOPBACK = (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")
TCP_SYNCNT = 7


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
        server.close()


with open("net", "w") as said:
    globals()[sys.argv[1]](int(sys.argv[2]))
