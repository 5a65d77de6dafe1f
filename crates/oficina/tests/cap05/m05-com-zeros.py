# mutante: etapa=eco codigo=M05
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
    """Devolve o buffer todo, com os zeros que ninguém enviou."""
    buffer = bytearray(1024)
    while conexao.recv_into(buffer) > 0:
        conexao.sendall(buffer)


main()
