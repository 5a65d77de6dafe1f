# mutante: etapa=pilha_dupla codigo=encerrou
import os
import socket
import stat
import sys
import time


def main() -> None:
    ouvinte = escutar(sys.argv[1])
    while True:
        try:
            conexao, _ = ouvinte.accept()
        except OSError:
            time.sleep(0.1)
            continue
        try:
            ecoar(conexao)
        except OSError as erro:
            print(erro, file=sys.stderr)


def escutar(endereco: str) -> socket.socket:
    if endereco.startswith("unix:"):
        ouvinte = unix(endereco.removeprefix("unix:"))
    else:
        ouvinte = rede(endereco)
    ouvinte.listen(128)
    return ouvinte


def rede(endereco: str) -> socket.socket:
    host, _, porta = endereco.rpartition(":")
    familia = socket.AF_INET6 if ":" in host else socket.AF_INET
    ouvinte = socket.socket(familia, socket.SOCK_STREAM)
    ouvinte.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ouvinte.bind((host.strip("[]"), int(porta)))
    if familia == socket.AF_INET6:
        ouvinte.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    return ouvinte


def unix(caminho: str) -> socket.socket:
    if os.path.lexists(caminho):
        if not stat.S_ISSOCK(os.lstat(caminho).st_mode):
            sys.exit("não é um socket")
        os.remove(caminho)
    ouvinte = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    ouvinte.bind(caminho)
    return ouvinte


def ecoar(conexao: socket.socket) -> None:
    with conexao:
        while dados := conexao.recv(4096):
            conexao.sendall(dados)


main()
