"""Escreve arquivos em toda pasta que aceita, até não poder mais."""
import os
import sys

BLOCO = b"x" * (1024 * 1024)
total = 0
for pasta in (sys.argv[1], os.getcwd(), "/tmp", "/var/tmp", "/dev/shm"):
    for numero in range(100):
        try:
            with open(f"{pasta}/oficina-enche-{numero}", "wb") as arquivo:
                for _ in range(64):
                    total += arquivo.write(BLOCO)
                    arquivo.flush()
        except OSError as erro:
            print(f"{pasta}: {erro}", flush=True)
            break
print(f"escrevi {total} bytes", flush=True)
