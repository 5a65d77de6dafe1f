# mutante: etapa=desistencia codigo=M21
import socket
import sys


def main() -> None:
    host, _, porta = sys.argv[1].rpartition(":")
    with socket.socket() as ouvinte:
        ouvinte.bind((host, int(porta)))
        ouvinte.listen()
        while True:
            conexao, _ = ouvinte.accept()
            try:
                with conexao:
                    atender(conexao)
            except OSError as erro:
                print(erro, flush=True)


def atender(conexao: socket.socket) -> None:
    while dados := conexao.recv(4096):
        conexao.sendall(dados)


main()
