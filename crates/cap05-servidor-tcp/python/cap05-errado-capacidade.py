"""Errado de propósito (M08): lê para um buffer sem lugar para nenhum byte.

python3 crates/cap05-servidor-tcp/python/cap05-errado-capacidade.py
"""

import socket
import sys

ENDERECO = "127.0.0.1:7005"


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        print(f"escutando em {mostrar(ouvinte.getsockname())}", flush=True)
        while True:
            conexao, par = ouvinte.accept()
            print(f"{mostrar(par)} conectou", flush=True)
            try:
                ecoar(conexao)
                fim = "encerrou"
            except OSError as erro:
                fim = f"caiu ({erro})"
            print(f"{mostrar(par)} {fim}", flush=True)


# ANCHOR: ecoar
def ecoar(conexao: socket.socket) -> None:
    """Quem cria o buffer vazio recebe 0 bytes, e toma isso pelo fim."""
    buffer = bytearray()
    with conexao:
        while lidos := conexao.recv_into(buffer):
            conexao.sendall(buffer[:lidos])


# ANCHOR_END: ecoar


def mostrar(par: tuple[str, int]) -> str:
    """Escreve um endereço como o Rust: host, dois-pontos, porta."""
    return f"{par[0]}:{par[1]}"


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7005" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
