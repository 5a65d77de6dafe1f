"""Cliente hostil: quatro bytes que prometem 256 MiB.

python3 crates/cap07-ordem-dos-bytes/python/cap07-hostil.py 127.0.0.1:7007
"""

import socket
import sys

ENDERECO = "127.0.0.1:7007"
PROMESSA = 256 * 1024 * 1024


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        conexao = socket.create_connection(separar(endereco))
    except OSError as erro:
        sys.exit(f"não consegui conectar a {endereco} ({erro})")
    with conexao:
        conexao.sendall(PROMESSA.to_bytes(4, "big"))
    print(f"enviei 4 bytes e prometi {PROMESSA}")


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7007" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
