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
    """Devolve o buffer até onde ele já foi usado um dia."""
    buffer = bytearray(4096)
    usados = 0
    while lidos := conexao.recv_into(buffer):
        usados = max(usados, lidos)
        conexao.sendall(buffer[:usados])


main()
