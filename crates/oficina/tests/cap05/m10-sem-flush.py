# mutante: etapa=eco codigo=M10
import socket
import sys


def main() -> None:
    host, _, porta = sys.argv[1].rpartition(":")
    with socket.create_server((host, int(porta))) as ouvinte:
        while True:
            conexao, _ = ouvinte.accept()
            try:
                with conexao:
                    ecoar(conexao)
            except OSError as erro:
                print(erro, flush=True)


def ecoar(conexao: socket.socket) -> None:
    escritor = conexao.makefile("wb")
    while dados := conexao.recv(4096):
        escritor.write(dados)  # e o flush?
    escritor.close()


main()
