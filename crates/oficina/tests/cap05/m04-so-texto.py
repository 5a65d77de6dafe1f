# mutante: etapa=binario codigo=M04
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
    """Trata os bytes como texto, leitura por leitura."""
    while dados := conexao.recv(4096):
        texto = dados.decode("utf-8", errors="replace")
        conexao.sendall(texto.encode("utf-8"))


main()
