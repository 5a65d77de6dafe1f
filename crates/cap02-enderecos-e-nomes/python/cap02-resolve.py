"""Pergunta ao sistema que endereços tem cada nome.

python3 crates/cap02-enderecos-e-nomes/python/cap02-resolve.py localhost:7002
"""

import socket
import sys

DESTINO = "localhost:7002"


def main() -> None:
    estado = 0
    for destino in sys.argv[1:] or [DESTINO]:
        try:
            mostrar(destino, resolver(destino))
        except (OSError, ValueError) as erro:
            print(f"{destino}: {explicar(erro)} ({erro})", file=sys.stderr)
            estado = 1
    sys.exit(estado)


# ANCHOR: resolver
def resolver(destino: str) -> list[tuple]:
    """Os endereços do nome, na ordem em que o sistema aconselha tentá-los."""
    host, porta = separar(destino)
    respostas = socket.getaddrinfo(host, porta, type=socket.SOCK_STREAM)
    return [endereco for _, _, _, _, endereco in respostas]


# ANCHOR_END: resolver


def mostrar(destino: str, enderecos: list[tuple]) -> None:
    print(destino)
    for host, porta, *resto in enderecos:
        if not resto:
            print(f"  IPv4  {host}:{porta}")
            continue
        _fluxo, zona = resto
        host = f"{host}%{zona}" if zona else host
        print(f"  IPv6  [{host}]:{porta}")


# ANCHOR: explicar
def explicar(erro: Exception) -> str:
    """Quem falhou: o texto, ou o nome? Em Python, e por que o nome falhou."""
    if isinstance(erro, ValueError):
        return "não é nome:porta"
    if isinstance(erro, socket.gaierror) and erro.errno == socket.EAI_AGAIN:
        return "não achei o endereço por enquanto"
    return "não achei o endereço"


# ANCHOR_END: explicar


def separar(destino: str) -> tuple[str, int]:
    """Divide "[::1]:7002" em host, sem os colchetes, e porta."""
    host, dois_pontos, porta = destino.rpartition(":")
    if not dois_pontos:
        raise ValueError("falta a porta")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
