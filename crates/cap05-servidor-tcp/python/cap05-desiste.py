"""Cliente que desiste: depois do primeiro eco, aborta com um reset.

python3 crates/cap05-servidor-tcp/python/cap05-desiste.py 127.0.0.1:7005
"""

import socket
import struct
import sys

ENDERECO = "127.0.0.1:7005"
FRASE = "já volto\n".encode()
PRAZO = 2.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        conexao = socket.create_connection(separar(endereco), timeout=PRAZO)
    except OSError as erro:
        sys.exit(f"não consegui conectar a {endereco} ({erro})")
    conexao.sendall(FRASE)
    with conexao.makefile("rb") as leitor:
        leitor.read(len(FRASE))
    abortar(conexao)
    print("desisti")


# ANCHOR: abortar
def abortar(conexao: socket.socket) -> None:
    """Com espera zero, fechar vira um reset (RST): nada mais é entregue."""
    ligado_zero_segundos = struct.pack("ii", 1, 0)
    conexao.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, ligado_zero_segundos
    )
    conexao.close()


# ANCHOR_END: abortar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7005" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
