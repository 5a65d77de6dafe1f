"""Cliente de eco: envia o que você digita e mostra o que voltou.

python3 crates/cap05-servidor-tcp/python/cap05-cliente.py 127.0.0.1:7005
"""

import os
import socket
import sys

ENDERECO = "127.0.0.1:7005"
TAMANHO_DO_BUFFER = 4096
PRAZO = 2.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with conectar(endereco) as conexao:
        try:
            conversar(conexao)
        except (OSError, EOFError) as erro:
            sys.exit(f"a conversa parou no meio ({erro})")
        try:
            encerrar(conexao)
        except OSError as erro:
            sys.exit(f"o servidor não encerrou ({erro})")


def conectar(endereco: str) -> socket.socket:
    """Pede uma conexão; cada espera nela dura no máximo `PRAZO`."""
    try:
        return socket.create_connection(separar(endereco), timeout=PRAZO)
    except OSError as erro:
        sys.exit(f"não consegui conectar a {endereco} ({erro})")


# ANCHOR: conversar
def conversar(conexao: socket.socket) -> None:
    """Envia cada pedaço digitado e espera que todos os bytes dele voltem."""
    while pedaco := os.read(sys.stdin.fileno(), TAMANHO_DO_BUFFER):
        conexao.sendall(pedaco)
        faltam = len(pedaco)
        while faltam > 0:
            eco = conexao.recv(faltam)
            if not eco:
                raise EOFError("o fluxo acabou antes do eco")
            sys.stdout.buffer.write(eco)
            faltam -= len(eco)
        sys.stdout.buffer.flush()


# ANCHOR_END: conversar


# ANCHOR: encerrar
def encerrar(conexao: socket.socket) -> None:
    """Avisa que não enviará mais nada e mostra o que ainda chegar."""
    conexao.shutdown(socket.SHUT_WR)
    while resto := conexao.recv(TAMANHO_DO_BUFFER):
        sys.stdout.buffer.write(resto)
    sys.stdout.buffer.flush()


# ANCHOR_END: encerrar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7005" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
