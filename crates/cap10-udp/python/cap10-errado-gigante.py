"""Errado de propósito (M31): põe um texto inteiro em um datagrama.

python3 crates/cap10-udp/python/cap10-errado-gigante.py
"""

import socket
import sys

ENDERECO = "127.0.0.1:7010"
TAMANHO_DO_TEXTO = 70_000


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    guardar(endereco, "x" * TAMANHO_DO_TEXTO)


# ANCHOR: guardar
def guardar(endereco: str, texto: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as meu:
        try:
            meu.sendto(f"1 texto={texto}".encode(), separar(endereco))
        except OSError as erro:
            sys.exit(f"não consegui enviar ({erro})")


# ANCHOR_END: guardar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7010" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
