# mutante: etapa=volume codigo=M06
import select
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
    """Descarta o que `send` responde: sem bloquear, ele aceita uma parte."""
    conexao.setblocking(False)
    while True:
        select.select([conexao], [], [])
        dados = conexao.recv(65_536)
        if not dados:
            return
        try:
            conexao.send(dados)
        except BlockingIOError:
            continue


main()
