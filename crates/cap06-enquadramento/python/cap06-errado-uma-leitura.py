"""Errado de propósito (M01 e M02): toma cada leitura por uma mensagem.

python3 crates/cap06-enquadramento/python/cap06-errado-uma-leitura.py 127.0.0.1:7006
"""

import socket
import sys

ENDERECO = "127.0.0.1:7006"
TAMANHO_DO_BUFFER = 4096
PRAZO = 5.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_connection(separar(endereco), timeout=PRAZO) as conexao:
        receber_palavras(conexao)


# ANCHOR: receber_palavras
def receber_palavras(conexao: socket.socket) -> None:
    """Pula o prefixo e mostra o resto da leitura, como se fosse uma palavra."""
    while chegados := conexao.recv(TAMANHO_DO_BUFFER):
        palavra = chegados[2:]
        print(f"palavra: {palavra.decode(errors='replace')!r}")


# ANCHOR_END: receber_palavras


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7006" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
