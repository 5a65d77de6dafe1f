"""Experiência: os mesmos três envios por TCP e por UDP.

python3 crates/cap10-udp/python/cap10-fronteiras.py
"""

import socket

ENDERECO = ("127.0.0.1", 0)
PRAZO = 2.0
TEXTOS = ["um;", "dois;", "", "três;"]


def main() -> None:
    por_tcp()
    por_udp()
    for tamanho in [1200, 65_507, 65_508]:
        medir(tamanho)


# ANCHOR: por_tcp
def por_tcp() -> None:
    with socket.create_server(ENDERECO) as ouvinte:
        origem = socket.create_connection(ouvinte.getsockname())
        destino, _ = ouvinte.accept()
    with origem, destino:
        destino.settimeout(PRAZO)
        for texto in TEXTOS:
            origem.sendall(texto.encode())
        dados = destino.recv(4096)
        print(f"TCP: uma leitura trouxe {len(dados)} bytes")


# ANCHOR_END: por_tcp


# ANCHOR: por_udp
def por_udp() -> None:
    with abrir() as destino, abrir() as origem:
        destino.settimeout(PRAZO)
        for texto in TEXTOS:
            origem.sendto(texto.encode(), destino.getsockname())
        for _ in TEXTOS:
            dados, _de = destino.recvfrom(4096)
            print(f"UDP: uma leitura trouxe {len(dados)} bytes")


# ANCHOR_END: por_udp


# ANCHOR: medir
def medir(tamanho: int) -> None:
    with abrir() as meu:
        try:
            meu.sendto(b"x" * tamanho, meu.getsockname())
            print(f"um datagrama de {tamanho} bytes: partiu")
        except OSError as erro:
            print(f"um datagrama de {tamanho} bytes: {erro}")


# ANCHOR_END: medir


def abrir() -> socket.socket:
    """Um socket UDP em uma porta livre."""
    meu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    meu.bind(ENDERECO)
    return meu


if __name__ == "__main__":
    main()
