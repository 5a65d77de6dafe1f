# mutante: etapa=eco codigo=M07
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
    """Não olha se a leitura trouxe zero bytes: gira para sempre."""
    while True:
        conexao.sendall(conexao.recv(4096))


main()
