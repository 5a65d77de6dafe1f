"""Errado de propósito: tenta de novo no mesmo instante, até o prazo.

python3 crates/cap09-prazos-e-erros/python/cap09-errado-sem-recuo.py 127.0.0.1:7009
"""

import socket
import sys
import time

ENDERECO = "127.0.0.1:7009"
PRAZO = 1.0  # segundos


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    tentativas = [0]
    try:
        conectar(endereco, time.monotonic() + PRAZO, tentativas)
    except OSError as erro:
        sys.exit(
            f"desisti em {PRAZO:.0f} s: "
            f"cerca de {tentativas[0]} tentativas ({erro})"
        )
    print("conectei")


# ANCHOR: conectar
def conectar(destino: str, fim: float, tentativas: list) -> socket.socket:
    while True:
        tentativas[0] += 1
        try:
            return socket.create_connection(separar(destino), PRAZO)
        except OSError:
            if time.monotonic() >= fim:
                raise
            # e de novo, e de novo
# ANCHOR_END: conectar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7009" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
