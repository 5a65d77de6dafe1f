"""Conta quantos clientes conectam a um servidor que nunca chama accept.

python3 crates/cap05-servidor-tcp/python/cap05-fila.py
"""

import socket
import sys

ENDERECO = "127.0.0.1:0"
PRAZO = 2.0
FILA = 128


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        ouvinte = socket.create_server(separar(endereco), backlog=FILA)
    except OSError as erro:
        sys.exit(f"não consegui escutar em {endereco} ({erro})")
    host, porta = ouvinte.getsockname()
    print(f"escutando em {host}:{porta}", flush=True)
    clientes = conectar_ate_encher((host, porta))
    prontos = len(clientes)
    print(f"{prontos} clientes conectaram sem que ninguém chamasse accept")
    print(f'{enviar_oi(clientes)} deles enviaram "oi"')
    print(f"o {prontos + 1}º não recebeu resposta em {PRAZO:.0f} s")


def conectar_ate_encher(par: tuple[str, int]) -> list[socket.socket]:
    """Conecta clientes até que um deles fique sem resposta por `PRAZO`."""
    clientes: list[socket.socket] = []
    while True:
        try:
            clientes.append(socket.create_connection(par, timeout=PRAZO))
        except TimeoutError:
            return clientes


def enviar_oi(clientes: list[socket.socket]) -> int:
    """Envia "oi" por todas as conexões; devolve quantas foram."""
    for cliente in clientes:
        cliente.sendall(b"oi")
    return len(clientes)


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7005" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
