"""sendto e recvfrom: dois sockets UDP, e o endereço que vai e que vem.

python3 crates/cap03-as-dez-chamadas/python/cap03-datagramas.py
"""

import socket

LOOPBACK = ("127.0.0.1", 0)
TAMANHO_DO_BUFFER = 2048
PRAZO = 2.0


# ANCHOR: main
def main() -> None:
    ana, bia = associado(), associado()
    print(f"Ana está em {mostrar(ana.getsockname())}")
    print(f"Bia está em {mostrar(bia.getsockname())}")

    ana.sendto("oi, Bia".encode(), bia.getsockname())
    dados, de_quem = receber_de(bia)
    print(f"Bia recebeu {len(dados)} bytes de {mostrar(de_quem)}")

    bia.sendto("oi, quem quer que seja".encode(), de_quem)
    dados, de_quem = receber_de(ana)
    print(f"Ana recebeu {len(dados)} bytes de {mostrar(de_quem)}")
    ana.close()
    bia.close()


# ANCHOR_END: main


# ANCHOR: receber_de
def receber_de(aberto: socket.socket) -> tuple[bytes, tuple]:
    """recvfrom: os bytes de um datagrama e o endereço de quem o enviou."""
    return aberto.recvfrom(TAMANHO_DO_BUFFER)


# ANCHOR_END: receber_de


def associado() -> socket.socket:
    """Um socket UDP com endereço próprio e prazo para receber."""
    aberto = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    aberto.bind(LOOPBACK)
    aberto.settimeout(PRAZO)
    return aberto


def mostrar(endereco: tuple[str, int]) -> str:
    return f"{endereco[0]}:{endereco[1]}"


if __name__ == "__main__":
    main()
