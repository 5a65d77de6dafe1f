"""Estação: envia a cada cliente as suas três últimas medidas.

python3 crates/cap07-ordem-dos-bytes/python/cap07-estacao.py 127.0.0.1:7007
"""

import socket
import sys

from cap07_ordem_dos_bytes import Medida

ENDERECO = "127.0.0.1:7007"
MEDIDAS = [
    Medida(sensor=1, instante=1000, centesimos=2150),
    Medida(sensor=2, instante=86_400, centesimos=-325),
    Medida(sensor=3, instante=4_000_000_000, centesimos=1),
]


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        ouvinte = socket.create_server(separar(endereco))
    except OSError as erro:
        sys.exit(f"não consegui escutar em {endereco} ({erro})")
    host, porta = ouvinte.getsockname()
    print(f"escutando em {host}:{porta}", flush=True)
    while True:
        conexao, par = ouvinte.accept()
        try:
            enviar_medidas(conexao)
        except OSError as erro:
            print(f"{par[0]}:{par[1]} caiu ({erro})", flush=True)


# ANCHOR: enviar_medidas
def enviar_medidas(conexao: socket.socket) -> None:
    """Envia as medidas, nove bytes cada, e encerra a conexão."""
    with conexao:
        dados = b"".join(medida.codificar() for medida in MEDIDAS)
        conexao.sendall(dados)


# ANCHOR_END: enviar_medidas


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7007" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
