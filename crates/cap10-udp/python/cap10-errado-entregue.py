"""Errado de propósito (M29): toma o envio por entrega.

python3 crates/cap10-udp/python/cap10-errado-entregue.py 127.0.0.1:7010
"""

import socket
import sys

ENDERECO = "127.0.0.1:7010"


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    guardar(endereco, "1 nome=Ana")


# ANCHOR: guardar
def guardar(endereco: str, pedido: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as meu:
        enviados = meu.sendto(pedido.encode(), separar(endereco))
        print(f"guardado: {enviados} bytes entregues")


# ANCHOR_END: guardar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7010" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
