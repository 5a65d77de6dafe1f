"""Errado de propósito (M06): não confere quantos bytes `send` aceitou.

python3 crates/cap05-servidor-tcp/python/cap05-errado-write.py
"""

import contextlib
import socket
import struct
import sys

ENDERECO = "127.0.0.1:7005"
TAMANHO_DO_BUFFER = 65_536
ESPERA = struct.pack("ll", 0, 10_000)  # segundos, microssegundos


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        print(f"escutando em {mostrar(ouvinte.getsockname())}", flush=True)
        while True:
            conexao, par = ouvinte.accept()
            print(f"{mostrar(par)} conectou", flush=True)
            try:
                ecoar(conexao)
                fim = "encerrou"
            except OSError as erro:
                fim = f"caiu ({erro})"
            print(f"{mostrar(par)} {fim}", flush=True)


# ANCHOR: ecoar
def ecoar(conexao: socket.socket) -> None:
    """Descarta o que `send` responde: quantos bytes ele aceitou."""
    conexao.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, ESPERA)
    with conexao:
        while dados := conexao.recv(TAMANHO_DO_BUFFER):
            with contextlib.suppress(BlockingIOError):
                conexao.send(dados)


# ANCHOR_END: ecoar


def mostrar(par: tuple[str, int]) -> str:
    """Escreve um endereço como o Rust: host, dois-pontos, porta."""
    return f"{par[0]}:{par[1]}"


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7005" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
