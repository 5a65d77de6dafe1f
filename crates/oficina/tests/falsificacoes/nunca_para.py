"""Escuta, não atende ninguém e nunca fica parado de todo."""
import socket
import sys
import time

host, porta = sys.argv[-1].rsplit(":", 1)
ouvinte = socket.create_server((host, int(porta)))
while True:
    sum(range(20_000))
    time.sleep(0.005)
