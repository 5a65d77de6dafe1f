"""Errado de propósito (M32): espera por uma resposta sem limite de tempo.

python3 crates/cap04-cliente-tcp/python/cap04-errado-sem-prazo.py 127.0.0.1:7004 /muda
"""

import socket
import sys

ENDERECO = "127.0.0.1:7004"
TAMANHO_DO_BUFFER = 4096


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    caminho = sys.argv[2] if len(sys.argv) > 2 else "/"
    try:
        resposta = perguntar(endereco, caminho)
    except OSError as erro:
        sys.exit(f"a conversa parou no meio ({erro})")
    print(f"{len(resposta)} bytes")


# ANCHOR: perguntar
def perguntar(endereco: str, caminho: str) -> bytes:
    """Conecta, envia o pedido e espera a resposta, o tempo que for."""
    with socket.create_connection(separar(endereco)) as conexao:
        pedido = f"GET {caminho} HTTP/1.0\r\n\r\n"
        conexao.sendall(pedido.encode())
        resposta = b""
        while lidos := conexao.recv(TAMANHO_DO_BUFFER):  # e se nunca vier?
            resposta += lidos
        return resposta


# ANCHOR_END: perguntar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7004" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
