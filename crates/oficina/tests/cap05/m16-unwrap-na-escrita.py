# mutante: etapa=desistencia codigo=M16
"""Trata o erro da leitura; o da escrita derruba o servidor."""

import socket
import sys


def main() -> None:
    host, _, porta = sys.argv[1].rpartition(":")
    with socket.create_server((host, int(porta))) as ouvinte:
        while True:
            conexao, _ = ouvinte.accept()
            with conexao:
                atender(conexao)


def atender(conexao: socket.socket) -> None:
    while dados := ler(conexao):
        conexao.sendall(dados)


def ler(conexao: socket.socket) -> bytes:
    try:
        return conexao.recv(4096)
    except OSError as erro:
        print("a leitura falhou:", erro, file=sys.stderr)
        return b""


main()
