"""Ocupa a porta, escuta e nunca aceita ninguém."""
import signal
import socket
import sys

host, porta = sys.argv[-1].rsplit(":", 1)
ouvinte = socket.create_server((host, int(porta)))
signal.pause()
