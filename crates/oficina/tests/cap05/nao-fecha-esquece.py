# mutante: etapa=eco codigo=nao-fecha
import socket
import sys


esquecidas: list[socket.socket] = []


def main() -> None:
    host, _, porta = sys.argv[1].rpartition(":")
    with socket.create_server((host, int(porta))) as ouvinte:
        while True:
            conexao, _ = ouvinte.accept()
            esquecidas.append(conexao)
            try:
                atender(conexao)
                conexao.shutdown(socket.SHUT_WR)
            except OSError as erro:
                print(erro, flush=True)


def atender(conexao: socket.socket) -> None:
    while dados := conexao.recv(4096):
        conexao.sendall(dados)


main()
