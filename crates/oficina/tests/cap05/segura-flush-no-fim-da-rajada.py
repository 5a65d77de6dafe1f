# mutante: etapa=volume codigo=segura
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
            except OSError as erro:
                print(erro, flush=True)


def atender(conexao: socket.socket) -> None:
    escritor = conexao.makefile("wb", 1 << 20)
    while dados := conexao.recv(4096):
        escritor.write(dados)
        if len(dados) < 4096:  # e se a rajada acabar no fim do buffer?
            escritor.flush()
    escritor.flush()
    escritor.close()


main()
