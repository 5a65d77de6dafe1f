"""Tenta sair da máquina (192.0.2.1 é um endereço de documentação)."""
import socket
import sys

if b"__cerco" not in open("/proc/1/cmdline", "rb").read():
    sys.exit(3)
for tipo in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    with socket.socket(socket.AF_INET, tipo) as saida:
        saida.settimeout(1)
        try:
            saida.connect(("192.0.2.1", 53))
            print("saí", flush=True)
        except OSError as erro:
            print(f"não saí: {erro.strerror}", flush=True)
