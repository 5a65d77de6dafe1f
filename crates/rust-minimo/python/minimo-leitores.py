"""Uma função para tudo o que se lê: quem tem o método read serve.

python3 crates/rust-minimo/python/minimo-leitores.py
"""

import io
import socket
from typing import BinaryIO


# ANCHOR: main
def main() -> None:
    print(f"da memória: {contar(io.BytesIO('olá'.encode()))} bytes")

    with socket.create_server(("127.0.0.1", 0)) as ouvinte:
        with socket.create_connection(ouvinte.getsockname()) as cliente:
            cliente.sendall("coração".encode())
            cliente.shutdown(socket.SHUT_WR)
            conexao, _ = ouvinte.accept()
            with conexao, conexao.makefile("rb") as leitor:
                print(f"da rede: {contar(leitor)} bytes")
# ANCHOR_END: main


# ANCHOR: contar
def contar(leitor: BinaryIO) -> int:
    total = 0
    while lidos := leitor.read(4):
        total += len(lidos)
    return total
# ANCHOR_END: contar


if __name__ == "__main__":
    main()
