"""Errado de propósito (M30): aceita a resposta de qualquer um.

python3 crates/cap10-udp/python/cap10-errado-estranho.py
"""

import socket

ENDERECO = ("127.0.0.1", 0)
PRAZO = 2.0


def main() -> None:
    with abrir() as cliente, abrir() as servidor, abrir() as estranho:
        cliente.settimeout(PRAZO)
        destino = servidor.getsockname()
        cliente.sendto(b"1 saldo", destino)
        # Os dois respondem; o estranho é mais rápido.
        estranho.sendto(b"1 1000000", cliente.getsockname())
        servidor.sendto(b"1 20", cliente.getsockname())
        print(f"o servidor disse: {esperar(cliente, destino)}")


# ANCHOR: esperar
def esperar(cliente: socket.socket, _alvo: tuple[str, int]) -> str:
    resposta, _de = cliente.recvfrom(2048)
    return resposta.decode(errors="replace")


# ANCHOR_END: esperar


def abrir() -> socket.socket:
    """Um socket UDP em uma porta livre."""
    meu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    meu.bind(ENDERECO)
    return meu


if __name__ == "__main__":
    main()
