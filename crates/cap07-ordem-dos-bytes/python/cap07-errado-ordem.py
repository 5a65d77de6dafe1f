"""Errado de propósito (M25): lê os números como se fossem little-endian.

python3 crates/cap07-ordem-dos-bytes/python/cap07-errado-ordem.py 127.0.0.1:7007
"""

import socket
import struct
import sys

ENDERECO = "127.0.0.1:7007"
PRAZO = 5.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_connection(separar(endereco), timeout=PRAZO) as conexao:
        receber_medidas(conexao)


# ANCHOR: receber_medidas
def receber_medidas(conexao: socket.socket) -> None:
    """Lê cada campo como este processador o guardaria na memória."""
    with conexao.makefile("rb") as leitor:
        while dados := leitor.read(9):
            sensor, instante, centesimos = struct.unpack("<BIi", dados)
            graus = em_graus(centesimos)
            print(f"sensor {sensor}, instante {instante}, {graus} °C")


# ANCHOR_END: receber_medidas


def em_graus(centesimos: int) -> str:
    """Centésimos de grau em graus, com vírgula."""
    return f"{centesimos / 100:.2f}".replace(".", ",")


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7007" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
