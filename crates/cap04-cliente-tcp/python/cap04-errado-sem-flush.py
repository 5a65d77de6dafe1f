"""Errado de propósito (M10): espera a resposta de um pedido que não saiu.

python3 crates/cap04-cliente-tcp/python/cap04-errado-sem-flush.py 127.0.0.1:7004 /
"""

import socket
import sys

ENDERECO = "127.0.0.1:7004"
TAMANHO_DO_BUFFER = 4096
SILENCIO_MAXIMO = 2.0  # segundos


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    caminho = sys.argv[2] if len(sys.argv) > 2 else "/"
    with socket.create_connection(separar(endereco)) as conexao:
        conexao.settimeout(SILENCIO_MAXIMO)
        resposta = perguntar(conexao, caminho)
        print(f"{len(resposta)} bytes")


# ANCHOR: perguntar
def perguntar(conexao: socket.socket, caminho: str) -> bytes:
    """Escreve o pedido em um buffer e espera a resposta."""
    escritor = conexao.makefile("wb")
    escritor.write(f"GET {caminho} HTTP/1.0\r\n\r\n".encode())
    resposta = b""
    while lidos := conexao.recv(TAMANHO_DO_BUFFER):  # o pedido não saiu ainda
        resposta += lidos
    return resposta


# ANCHOR_END: perguntar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7004" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    try:
        main()
    except OSError as erro:
        sys.exit(f"esperei a resposta em vão ({erro})")
