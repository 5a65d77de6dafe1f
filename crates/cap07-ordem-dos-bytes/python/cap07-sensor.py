"""Sensor: fala o protocolo do exercício: duas medidas, um lote e consultas.

python3 crates/cap07-ordem-dos-bytes/python/cap07-sensor.py 127.0.0.1:7007
"""

import socket
import struct
import sys

ENDERECO = "127.0.0.1:7007"
PRAZO = 5.0
U32_MAX = 0xFFFFFFFF


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        conexao = socket.create_connection(separar(endereco), timeout=PRAZO)
    except OSError as erro:
        sys.exit(f"não consegui conectar a {endereco} ({erro})")
    with conexao:
        conexao.sendall(struct.pack(">cIi", b"M", 1000, 2150))
        conexao.sendall(struct.pack(">cIi", b"M", 86_400, -325))
        consultar(conexao, 0, U32_MAX)
        conexao.sendall(struct.pack(">cI", b"L", 1))
        conexao.sendall(struct.pack(">Ii", 4000, 3000))
        consultar(conexao, 4000, 4000)
        consultar(conexao, 100_000, 200_000)


# ANCHOR: consultar
def consultar(conexao: socket.socket, inicio: int, fim: int) -> None:
    """Pergunta pelo intervalo e mostra os nove bytes da resposta."""
    conexao.sendall(struct.pack(">cII", b"C", inicio, fim))
    dados = b""
    while len(dados) < 9:
        chegados = conexao.recv(9 - len(dados))
        if not chegados:
            sys.exit("faltou a resposta")
        dados += chegados
    tipo, quantas, maior = struct.unpack(">cIi", dados)
    print(f"{inicio} a {fim}: {tipo.decode()} {quantas} {maior}")


# ANCHOR_END: consultar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7007" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
