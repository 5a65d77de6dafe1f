"""Errado de propósito (M02): toma uma leitura pela resposta inteira.

python3 crates/cap04-cliente-tcp/python/cap04-errado-uma-leitura.py 127.0.0.1:7004 /fatias
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
        print(resposta)


# ANCHOR: perguntar
def perguntar(conexao: socket.socket, caminho: str) -> str:
    """Envia o pedido e devolve o que a primeira leitura trouxer."""
    pedido = f"GET {caminho} HTTP/1.0\r\n\r\n"
    conexao.sendall(pedido.encode())
    resposta = conexao.recv(TAMANHO_DO_BUFFER)  # uma vez só
    return resposta.decode("utf-8", "replace")


# ANCHOR_END: perguntar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7004" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    try:
        main()
    except OSError as erro:
        sys.exit(f"a conversa não chegou ao fim ({erro})")
