# mutante: etapa=eco codigo=M09
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
    """Só responde depois que o cliente encerra."""
    tudo = b""
    while dados := conexao.recv(4096):
        tudo += dados
    conexao.sendall(tudo)


main()
