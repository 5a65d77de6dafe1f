"""Errado de propósito (M26): reserva o tamanho que o cliente declarou.

python3 crates/cap07-ordem-dos-bytes/python/cap07-errado-tamanho.py 127.0.0.1:7007
"""

import socket
import sys

ENDERECO = "127.0.0.1:7007"


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        host, porta = ouvinte.getsockname()
        print(f"escutando em {host}:{porta}", flush=True)
        while True:
            conexao, par = ouvinte.accept()
            try:
                receber_nota(conexao)
                fim = "encerrou"
            except (OSError, EOFError) as erro:
                fim = f"caiu ({erro})"
            print(f"{par[0]}:{par[1]} {fim}", flush=True)


# ANCHOR: receber_nota
def receber_nota(conexao: socket.socket) -> None:
    """Lê um tamanho de quatro bytes e acredita nele."""
    with conexao, conexao.makefile("rb") as leitor:
        tamanho = int.from_bytes(leitor.read(4), "big")
        nota = bytearray(tamanho)
        print(f"reservei {len(nota)} bytes", flush=True)
        if leitor.readinto(nota) < tamanho:
            raise EOFError("o fluxo acabou em meia nota")


# ANCHOR_END: receber_nota


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7007" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
