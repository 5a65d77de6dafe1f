"""Errado de propósito (M13): toma o fim do fluxo pelo fim da conversa.

python3 crates/cap08-encerramento/python/cap08-errado-fim-de-tudo.py 127.0.0.1:7008
"""

import socket
import sys

ENDERECO = "127.0.0.1:7008"
TAMANHO_DO_BUFFER = 64 * 1024


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        print("escutando em %s:%d" % ouvinte.getsockname()[:2], flush=True)
        while True:
            conexao, _ = ouvinte.accept()
            try:
                total = receber(conexao)
                print(f"{total} bytes, e o cliente foi embora", flush=True)
            except OSError as erro:
                print(f"não recebi o arquivo ({erro})", flush=True)


# ANCHOR: receber
def receber(conexao: socket.socket) -> int:
    """Lê até o fim do fluxo e fecha: se o cliente encerrou, já foi embora."""
    with conexao:
        total = 0
        while lidos := conexao.recv(TAMANHO_DO_BUFFER):
            total += len(lidos)
        return total  # para que responder?


# ANCHOR_END: receber


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7008" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
