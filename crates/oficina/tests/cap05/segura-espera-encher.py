# mutante: etapa=eco codigo=segura
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
    while dados := conexao.recv(4096, socket.MSG_WAITALL):
        conexao.sendall(dados)


main()
