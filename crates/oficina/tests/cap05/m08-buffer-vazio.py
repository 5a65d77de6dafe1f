# mutante: etapa=eco codigo=M08
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
    """O buffer tem tamanho zero."""
    buffer = bytearray()
    while lidos := conexao.recv_into(buffer):
        conexao.sendall(buffer[:lidos])


main()
