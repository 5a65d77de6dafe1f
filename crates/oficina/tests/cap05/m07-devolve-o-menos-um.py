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
                    ecoar(conexao)
            except OSError as erro:
                print(erro, flush=True)


def ecoar(conexao: socket.socket) -> None:
    while True:
        conexao.sendall(bytes([ler(conexao) & 0xFF]))


def ler(conexao: socket.socket) -> int:
    """Como em Java e em C: um byte, ou -1 no fim."""
    dados = conexao.recv(1)
    return dados[0] if dados else -1


main()
