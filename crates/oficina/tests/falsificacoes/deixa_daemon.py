"""Deixa um daemon para trás: dois forks, sessão própria, nada aberto."""
import os
import sys

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 256)
        os.execvp("sleep", ["sleep", sys.argv[1]])
    os._exit(0)
os.wait()
