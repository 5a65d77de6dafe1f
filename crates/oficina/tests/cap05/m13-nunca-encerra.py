# mutante: etapa=eco codigo=M13
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


GUARDADAS: list[socket.socket] = []


def atender(conexao: socket.socket) -> None:
    """Percebe o fim, mas guarda uma cópia da conexão em vez de fechá-la."""
    GUARDADAS.append(conexao.dup())
    while dados := conexao.recv(4096):
        conexao.sendall(dados)


main()
