"""Errado de propósito: conhece só um dos nomes do tempo esgotado.

python3 crates/cap09-prazos-e-erros/python/cap09-errado-so-um-nome.py 127.0.0.1:7009 muda
"""

import errno
import socket
import sys

ENDERECO = "127.0.0.1:7009"
PEDIDO = "muda"
TEMPO_LIMITE = 1.0  # segundos


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    pedido = sys.argv[2] if len(sys.argv) > 2 else PEDIDO
    try:
        print(pedir(endereco, pedido), end="")
    except OSError as erro:
        sys.exit(explicar(erro))


def pedir(endereco: str, pedido: str) -> str:
    with socket.create_connection(separar(endereco), TEMPO_LIMITE) as conexao:
        conexao.sendall(f"{pedido}\n".encode())
        return conexao.makefile("rb").readline().decode()


# ANCHOR: explicar
def explicar(erro: OSError) -> int:
    # O número é o do kernel; quem conta o tempo aqui é o Python.
    if erro.errno == errno.ETIMEDOUT:
        print("o servidor demorou demais", file=sys.stderr)
        return 4
    print(f"erro inesperado: {erro}", file=sys.stderr)
    return 1
# ANCHOR_END: explicar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7009" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
