#!/usr/bin/env python3
"""
tcp.py: one TCP connection over 127.0.0.1 and one over ::1 (if there is IPv6). The client sends 100 KiB and gets 10, then
closes; prints a line for each: its address, the client's port, the server's port.
"""
import socket


def receive(sock, n):
    while n:
        n -= len(sock.recv(n))


for family, address in (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"):
    server = socket.socket(family, socket.SOCK_STREAM)
    try:
        server.bind((address, 0))
    except OSError:
        continue
    server.listen()
    client = socket.socket(family, socket.SOCK_STREAM)
    client.connect(server.getsockname()[:2])
    accepted, _ = server.accept()
    client.sendall(b"x" * (100 << 10))
    receive(accepted, 100 << 10)
    accepted.sendall(b"y" * (10 << 10))
    receive(client, 10 << 10)
    print(address, client.getsockname()[1], server.getsockname()[1], flush=True)
    client.close()
    accepted.recv(1)
    accepted.close()
    server.close()
