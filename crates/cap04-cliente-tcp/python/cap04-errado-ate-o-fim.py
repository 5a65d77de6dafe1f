"""Errado de propósito (M09): espera o fim de uma conexão que fica aberta.

python3 crates/cap04-cliente-tcp/python/cap04-errado-ate-o-fim.py 127.0.0.1:7004 /aberta
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
        resposta = bytearray()
        try:
            perguntar(conexao, caminho, resposta)
        finally:
            print(f"{len(resposta)} bytes na memória")


# ANCHOR: perguntar
def perguntar(
    conexao: socket.socket, caminho: str, resposta: bytearray
) -> None:
    """Envia o pedido e lê até o outro lado encerrar."""
    pedido = f"GET {caminho} HTTP/1.0\r\n\r\n"
    conexao.sendall(pedido.encode())
    while lidos := conexao.recv(TAMANHO_DO_BUFFER):  # e se ele não encerrar?
        resposta += lidos


# ANCHOR_END: perguntar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7004" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    try:
        main()
    except OSError as erro:
        sys.exit(f"esperei o fim em vão ({erro})")
