"""Tenta matar o conferidor: o grupo, o pai e todo processo que alcança."""
import os
import signal
import sys

# Fora do namespace próprio isto atingiria a máquina: só tenta lá dentro.
if b"__cerco" not in open("/proc/1/cmdline", "rb").read():
    sys.exit(3)
for alvo in (os.getppid(), -1, 0):
    try:
        os.kill(alvo, signal.SIGKILL)
    except OSError as erro:
        print(f"matar {alvo}: {erro}", flush=True)
