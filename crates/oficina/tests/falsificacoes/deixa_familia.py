"""Escuta, não atende ninguém, e deixa filhos de todo jeito: na sessão dele, em
outra, com dois forks e sem nada aberto."""
import os
import socket
import sys
import time


def deixar(sessao, orfao, fechado):
    if os.fork():
        return
    if sessao:
        os.setsid()
    if orfao and os.fork():
        os._exit(0)
    if fechado:
        os.closerange(0, 3)
    os.execvp("sleep", ["sleep", sys.argv[1]])


for modo in [(0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1)]:
    deixar(*modo)
host, porta = sys.argv[-1].rsplit(":", 1)
ouvinte = socket.create_server((host, int(porta)))
time.sleep(3600)
