"""Primeiro cliente: pede uma página e mostra cada leitura até o fim.

python3 crates/cap04-cliente-tcp/python/cap04-leituras.py 127.0.0.1:7004 /fatias
"""

import itertools
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
        pedir(conexao, caminho)
        ler_ate_o_fim(conexao)


# ANCHOR: pedir
def pedir(conexao: socket.socket, caminho: str) -> None:
    """Envia um pedido HTTP/1.0: uma linha e uma linha vazia (RFC 1945, §5)."""
    pedido = f"GET {caminho} HTTP/1.0\r\n\r\n"
    conexao.sendall(pedido.encode())


# ANCHOR_END: pedir


# ANCHOR: ler_ate_o_fim
def ler_ate_o_fim(conexao: socket.socket) -> None:
    """Lê até o outro lado encerrar e conta o que veio em cada leitura."""
    total = 0
    for leitura in itertools.count(1):
        lidos = len(conexao.recv(TAMANHO_DO_BUFFER))
        if lidos == 0:
            print(f"leitura {leitura}: 0 bytes, o fim do fluxo")
            break
        print(f"leitura {leitura}: {lidos} bytes")
        total += lidos
    print(f"{total} bytes ao todo")


# ANCHOR_END: ler_ate_o_fim


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7004" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    try:
        main()
    except OSError as erro:
        sys.exit(f"a conversa não chegou ao fim ({erro})")
