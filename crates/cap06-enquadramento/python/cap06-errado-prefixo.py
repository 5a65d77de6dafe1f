"""Errado de propósito (M03): supõe que o prefixo chega inteiro.

python3 crates/cap06-enquadramento/python/cap06-errado-prefixo.py 127.0.0.1:7006
"""

import socket
import sys

ENDERECO = "127.0.0.1:7006"
PRAZO = 5.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_connection(separar(endereco), timeout=PRAZO) as conexao:
        receber_palavras(conexao)


# ANCHOR: receber_palavras
def receber_palavras(conexao: socket.socket) -> None:
    """Lê a palavra com cuidado, mas o prefixo com um `recv` só."""
    while prefixo := conexao.recv(2):
        tamanho = int.from_bytes(prefixo.ljust(2, b"\0"), "big")
        print(f"vem uma palavra de {tamanho} bytes")
        palavra = bytearray()
        while len(palavra) < tamanho:
            chegados = conexao.recv(tamanho - len(palavra))
            if not chegados:
                sys.exit("faltou o resto da palavra")
            palavra += chegados
        print(f"palavra: {palavra.decode()}")


# ANCHOR_END: receber_palavras


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7006" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
