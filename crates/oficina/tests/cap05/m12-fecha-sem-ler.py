# mutante: etapa=eco codigo=M12
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
    """Lê 16 bytes, responde e fecha, com o resto por ler."""
    conexao.sendall(conexao.recv(16))


main()
