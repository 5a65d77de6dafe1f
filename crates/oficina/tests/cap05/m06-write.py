# mutante: etapa=volume codigo=M06
import socket
import struct
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
    """Descarta o que `send` responde; o tempo limite o faz aceitar uma parte."""
    tempo = struct.pack("ll", 0, 5_000)
    conexao.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, tempo)
    while dados := conexao.recv(65_536):
        try:
            conexao.send(dados)
        except BlockingIOError:
            continue


main()
