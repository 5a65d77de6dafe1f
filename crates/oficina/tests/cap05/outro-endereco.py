# mutante: etapa=eco codigo=outro-endereco
import socket


def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as ouvinte:
        while True:
            conexao, _ = ouvinte.accept()
            try:
                with conexao:
                    atender(conexao)
            except OSError as erro:
                print(erro, flush=True)


def atender(conexao: socket.socket) -> None:
    while dados := conexao.recv(4096):
        conexao.sendall(dados)


main()
