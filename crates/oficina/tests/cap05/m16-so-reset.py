# mutante: etapa=desistencia codigo=M16
import socket
import sys


def main() -> None:
    host, _, porta = sys.argv[1].rpartition(":")
    with socket.create_server((host, int(porta))) as ouvinte:
        while True:
            conexao, _ = ouvinte.accept()
            try:
                with conexao:
                    atender(conexao)
            except ConnectionResetError as erro:  # e BrokenPipeError?
                print(erro, flush=True)


def atender(conexao: socket.socket) -> None:
    while dados := conexao.recv(4096):
        conexao.sendall(dados)


main()
