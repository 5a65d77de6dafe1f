"""Quem fala primeiro? Conecta, espera um pouco e, se o outro lado se cala,
diz a ele o que veio no segundo argumento.

python3 crates/cap01-o-que-e-um-socket/python/cap01-quem-fala.py 127.0.0.1:22
"""

import socket
import sys

ENDERECO = "127.0.0.1:22"
ESPERA = 1.0
MAIOR_LINHA = 500
MOSTRADAS = 15


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    fala = sys.argv[2] if len(sys.argv) > 2 else None
    try:
        conexao = socket.create_connection(separar(endereco), timeout=ESPERA)
    except OSError as erro:
        sys.exit(f"não conectei a {endereco} ({erro})")
    with conexao:
        try:
            ouvir(conexao, fala)
        except OSError as erro:
            sys.exit(f"a conversa parou ({erro})")


# ANCHOR: ouvir
def ouvir(conexao: socket.socket, fala: str | None) -> None:
    """Mostra o começo da primeira linha de quem falar primeiro."""
    try:
        # MSG_PEEK espera o primeiro byte, e o deixa no lugar.
        if conexao.recv(1, socket.MSG_PEEK):
            print(f"ele falou primeiro: “{ler_linha(conexao)}”")
        else:
            print("ele encerrou sem falar")
    except TimeoutError:
        responder(conexao, fala)


def responder(conexao: socket.socket, fala: str | None) -> None:
    print("ele se calou: espera que eu fale")
    if fala is not None:
        print(f"eu disse: “{fala}”")
        conexao.sendall(f"{fala}\r\n\r\n".encode())
        print(f"ele respondeu: “{ler_linha(conexao)}”")


# ANCHOR_END: ouvir


def ler_linha(conexao: socket.socket) -> str:
    with conexao.makefile("rb") as leitor:
        linha = leitor.readline(MAIOR_LINHA)
    return linha.decode(errors="replace").rstrip()[:MOSTRADAS]


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7001" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
