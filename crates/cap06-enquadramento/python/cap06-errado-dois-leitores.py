"""Errado de propósito (M11): cria um leitor novo a cada mensagem.

python3 crates/cap06-enquadramento/python/cap06-errado-dois-leitores.py 127.0.0.1:7006
"""

import socket
import sys

from cap06_enquadramento import ler_com_prefixo

ENDERECO = "127.0.0.1:7006"
PRAZO = 5.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_connection(separar(endereco), timeout=PRAZO) as conexao:
        receber_palavras(conexao)


# ANCHOR: receber_palavras
def receber_palavras(conexao: socket.socket) -> None:
    """Lê uma palavra com cada leitor, e joga o leitor fora."""
    while True:
        with conexao.makefile("rb") as leitor:
            palavra = ler_com_prefixo(leitor)
        if palavra is None:
            return
        print(f"palavra: {palavra.decode()}")


# ANCHOR_END: receber_palavras


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7006" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
