"""Exercício do capítulo 5, resolvido: um eco que não perde nada.

python3 crates/cap05-servidor-tcp/python/cap05-solucao.py 127.0.0.1:7005
"""

import socket
import sys

ENDERECO = "127.0.0.1:7005"
TAMANHO_DO_BUFFER = 4096


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        host, porta = ouvinte.getsockname()
        print(f"escutando em {host}:{porta}", flush=True)
        servir(ouvinte)


def servir(ouvinte: socket.socket) -> None:
    """Atende um cliente depois do outro, para sempre."""
    while True:
        try:
            conexao, (host, porta) = ouvinte.accept()
        except ConnectionAbortedError:
            # Este cliente desistiu ainda na fila; o próximo não tem culpa.
            continue
        try:
            ecoar(conexao)
        except OSError as erro:
            print(f"{host}:{porta} caiu ({erro})", flush=True)


def ecoar(conexao: socket.socket) -> None:
    """Devolve cada byte recebido, até o cliente encerrar o lado dele."""
    with conexao:
        while dados := conexao.recv(TAMANHO_DO_BUFFER):
            conexao.sendall(dados)


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7005" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
