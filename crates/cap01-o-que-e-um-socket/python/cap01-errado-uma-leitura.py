"""Errado de propósito (M01): toma cada leitura por uma linha do oráculo.

python3 crates/cap01-o-que-e-um-socket/python/cap01-errado-uma-leitura.py
"""

import socket
import sys

ENDERECO = "127.0.0.1:7001"
PRAZO = 2.0  # segundos


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        consultar(endereco)
    except OSError as erro:
        sys.exit(f"esperei a próxima em vão ({erro})")


# ANCHOR: consultar
def consultar(endereco: str) -> None:
    """Responde a cada leitura como se fosse uma linha."""
    conexao = socket.create_connection(separar(endereco))
    conexao.settimeout(PRAZO)
    while True:
        lidos = conexao.recv(1024)
        print(f"li {len(lidos)} bytes", flush=True)
        match lidos.decode().split():
            case ["some", a, b, *_]:
                print("respondo uma soma", flush=True)
                conexao.sendall(f"{int(a) + int(b)}\n".encode())
            case ["segredo", *_] | []:
                return
            case _:
                conexao.sendall(b"sou Ana\n")


# ANCHOR_END: consultar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7001" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
