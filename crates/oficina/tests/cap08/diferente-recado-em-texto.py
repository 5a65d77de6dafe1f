# mutante: etapa=pega codigo=diferente
import socket
import sys
from collections import deque


def main():
    fila = deque()
    ouvinte = escutar(sys.argv[1])
    while True:
        conexao, _ = ouvinte.accept()
        try:
            atender(conexao, fila)
        except OSError as erro:
            print(f"uma conexão acabou mal ({erro})")


def escutar(endereco):
    host, _, porta = endereco.rpartition(":")
    return socket.create_server((host, int(porta)))


def atender(conexao, fila):
    with conexao, conexao.makefile("rb") as leitor:
        conexao.settimeout(10.0)
        linha = leitor.readline(80)
        if linha == b"DEIXA\n":
            deixar(conexao, leitor, fila)
        elif linha == b"PEGA\n":
            pegar(conexao, leitor, fila)
        else:
            conexao.sendall(b"NAO ENTENDI\n")
        encerrar(conexao, leitor)


def deixar(conexao, leitor, fila):
    recado = leitor.read()
    fila.append(recado)
    conexao.sendall(f"GUARDEI {len(recado)}\n".encode())


def pegar(conexao, leitor, fila):
    if not fila:
        conexao.sendall(b"VAZIO\n")
        return
    recado = fila[0].decode(errors="replace").encode()
    conexao.sendall(f"{len(recado)}\n".encode() + recado)
    if leitor.readline(80) == b"OK\n":
        fila.popleft()


def encerrar(conexao, leitor):
    conexao.shutdown(socket.SHUT_WR)
    while leitor.read(4096):
        pass


main()
