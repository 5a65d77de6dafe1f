"""Descritores: os cinco sockets de um servidor com dois clientes, à mostra.

python3 crates/cap01-o-que-e-um-socket/python/cap01-descritores.py
"""

import socket
import sys

ENDERECO = "127.0.0.1:0"  # 0: o sistema escolhe a porta


# ANCHOR: main
def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    ouvinte = socket.create_server(separar(endereco))
    onde = ouvinte.getsockname()
    print(f"escutando em {escrito(onde)}")
    print(f"descritor {ouvinte.fileno()}: escuta em {escrito(onde)}")

    ana = socket.create_connection(onde)
    mostrar("o lado de Ana", ana)
    com_ana, _ = ouvinte.accept()
    mostrar("o servidor, com Ana", com_ana)

    bia = socket.create_connection(onde)
    mostrar("o lado de Bia", bia)
    com_bia, _ = ouvinte.accept()
    mostrar("o servidor, com Bia", com_bia)

    print("Ana vai embora, e Caio chega")
    ana.close()
    com_ana.close()
    caio = socket.create_connection(onde)
    mostrar("o lado de Caio", caio)


# ANCHOR_END: main


# ANCHOR: mostrar
def mostrar(quem: str, conexao: socket.socket) -> None:
    """O descritor de um socket conectado, e os dois endereços que ele liga."""
    aqui, par = conexao.getsockname(), conexao.getpeername()
    numero = conexao.fileno()
    print(f"descritor {numero}: {escrito(aqui)} → {escrito(par)}  {quem}")


# ANCHOR_END: mostrar


def escrito(par: tuple[str, int]) -> str:
    """Escreve um endereço como o Rust: host, dois-pontos, porta."""
    return f"{par[0]}:{par[1]}"


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7001" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
