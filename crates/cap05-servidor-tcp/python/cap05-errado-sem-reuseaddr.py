"""Errado de propósito (M21): não reinicia enquanto a porta descansa.

python3 crates/cap05-servidor-tcp/python/cap05-errado-sem-reuseaddr.py
"""

import socket
import sys

ENDERECO = "127.0.0.1:7005"
FILA = 128
TAMANHO_DO_BUFFER = 4096


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        ouvinte = escutar(endereco)
    except OSError as erro:
        sys.exit(f"não consegui escutar em {endereco} ({erro})")
    with ouvinte:
        print(f"escutando em {mostrar(ouvinte.getsockname())}", flush=True)
        while True:
            conexao, par = ouvinte.accept()
            print(f"{mostrar(par)} conectou", flush=True)
            try:
                total = ecoar(conexao)
                fim = f"encerrou ({total} bytes)"
            except OSError as erro:
                fim = f"caiu ({erro})"
            print(f"{mostrar(par)} {fim}", flush=True)


# ANCHOR: escutar
def escutar(endereco: str) -> socket.socket:
    """Falta SO_REUSEADDR entre `socket.socket` e `bind`."""
    ouvinte = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    ouvinte.bind(separar(endereco))
    ouvinte.listen(FILA)
    return ouvinte


# ANCHOR_END: escutar


def mostrar(par: tuple[str, int]) -> str:
    """Escreve um endereço como o Rust: host, dois-pontos, porta."""
    return f"{par[0]}:{par[1]}"


def ecoar(conexao: socket.socket) -> int:
    """Devolve cada byte recebido, até o cliente encerrar o lado dele."""
    total = 0
    with conexao:
        while dados := conexao.recv(TAMANHO_DO_BUFFER):
            conexao.sendall(dados)
            total += len(dados)
    return total


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7005" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
