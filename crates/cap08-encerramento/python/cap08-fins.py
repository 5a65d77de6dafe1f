"""Encerra uma conexão de quatro jeitos e conta o que o outro lado viu.

python3 crates/cap08-encerramento/python/cap08-fins.py
"""

import socket
import struct
from typing import Callable

ENDERECO = ("127.0.0.1", 0)
PRAZO = 5.0  # segundos


def main() -> None:
    mostrar("shutdown(Write)", meio_fechar)
    mostrar("close, com tudo lido", fechar)
    mostrar("close, com bytes por ler", fechar_sem_ler)
    mostrar("close, com SO_LINGER zero", abortar)


def mostrar(nome: str, encerrar: Callable[[socket.socket], None]) -> None:
    """O outro lado envia 2 bytes, este encerra, e o outro olha o que vê."""
    with socket.create_server(ENDERECO) as ouvinte:
        outro = socket.create_connection(ouvinte.getsockname(), PRAZO)
        este, _ = ouvinte.accept()
    with outro, este:
        este.settimeout(PRAZO)
        outro.sendall(b"oi")
        este.recv(2, socket.MSG_PEEK)  # os bytes chegaram aqui
        encerrar(este)
        print(f"{nome}:")
        print("  o outro lado lê", contar(lambda: len(outro.recv(8))))
        print("  e escreve:", contar(lambda: outro.send(b"!")))
        print("  e escreve de novo:", contar(lambda: outro.send(b"!")))


# ANCHOR: fins
def meio_fechar(este: socket.socket) -> None:
    este.recv(2)
    este.shutdown(socket.SHUT_WR)  # fecha um sentido; o outro segue aberto


def fechar(este: socket.socket) -> None:
    este.recv(2)
    este.close()


def fechar_sem_ler(este: socket.socket) -> None:
    este.close()


def abortar(este: socket.socket) -> None:
    este.recv(2)
    este.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    este.close()


# ANCHOR_END: fins


def contar(tentar: Callable[[], int]) -> str:
    try:
        quantos = tentar()
    except OSError as erro:
        return f"{erro.strerror} (os error {erro.errno})"
    return "1 byte" if quantos == 1 else f"{quantos} bytes"


if __name__ == "__main__":
    main()
