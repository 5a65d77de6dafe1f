# mutante: etapa=deixa codigo=diferente
import socket
import sys
from collections import deque
from typing import BinaryIO

ENDERECO = "127.0.0.1:7008"
LINHA_MAXIMA = 80
TAMANHO_DO_BUFFER = 64 * 1024
SILENCIO_MAXIMO = 10.0  # segundos


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    fila: deque[bytes] = deque()
    with socket.create_server(separar(endereco)) as ouvinte:
        print("escutando em %s:%d" % ouvinte.getsockname()[:2], flush=True)
        while True:
            conexao, _ = ouvinte.accept()
            try:
                atender(conexao, fila)
            except OSError as erro:
                print(f"uma conexão acabou mal ({erro})", flush=True)


def atender(conexao: socket.socket, fila: deque[bytes]) -> None:
    """Lê a primeira linha, faz o que ela pede e encerra a conexão."""
    with conexao, conexao.makefile("rb") as leitor:
        conexao.settimeout(SILENCIO_MAXIMO)
        linha = leitor.readline(LINHA_MAXIMA)
        if linha == b"DEIXA\n":
            deixar(conexao, leitor, fila)
        elif linha == b"PEGA\n":
            pegar(conexao, leitor, fila)
        else:
            conexao.sendall(b"NAO ENTENDI\n")
        encerrar(conexao, leitor)


def deixar(
    conexao: socket.socket, leitor: BinaryIO, fila: deque[bytes]
) -> None:
    """O recado é tudo o que vem até o fim do fluxo."""
    recado = leitor.read()
    fila.append(recado)
    conexao.sendall(f"GUARDEI {len(recado)}".encode())


def pegar(conexao: socket.socket, leitor: BinaryIO, fila: deque[bytes]) -> None:
    """Entrega o mais antigo, que só sai da fila depois do OK."""
    if not fila:
        conexao.sendall(b"VAZIO\n")
        return
    recado = fila[0]
    conexao.sendall(f"{len(recado)}\n".encode() + recado)
    if leitor.readline(LINHA_MAXIMA) == b"OK\n":
        fila.popleft()


def encerrar(conexao: socket.socket, leitor: BinaryIO) -> None:
    """Encerra o envio e lê o que sobrou: sem bytes por ler não há reset."""
    conexao.shutdown(socket.SHUT_WR)
    while leitor.read(TAMANHO_DO_BUFFER):
        pass


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7008" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
