"""poll: uma espera só, por muitos sockets, com prazo.

python3 crates/cap03-as-dez-chamadas/python/cap03-poll.py
"""

import json
import selectors
import socket

LOOPBACK = ("127.0.0.1", 0)
PRAZO = 0.3


def main() -> None:
    ana, bia = associado(), associado()
    print(f"ninguém enviou: {quem_tem_algo(ana, bia)}")

    ana.sendto(b"oi", bia.getsockname())
    print(f"Ana enviou a Bia: {quem_tem_algo(ana, bia)}")

    bia.sendto(b"oi", ana.getsockname())
    print(f"Bia enviou a Ana: {quem_tem_algo(ana, bia)}")
    ana.close()
    bia.close()


# ANCHOR: quem_tem_algo
def quem_tem_algo(ana: socket.socket, bia: socket.socket) -> str:
    """Espera até `PRAZO` que um dos dois, ou ambos, tenham o que ler."""
    with selectors.DefaultSelector() as seletor:
        seletor.register(ana, selectors.EVENT_READ, "Ana")
        seletor.register(bia, selectors.EVENT_READ, "Bia")
        prontos = seletor.select(PRAZO)
    nomes = sorted(chave.data for chave, _ in prontos)
    return f"{len(prontos)} com algo para ler {json.dumps(nomes)}"


# ANCHOR_END: quem_tem_algo


def associado() -> socket.socket:
    """Um socket UDP com endereço próprio."""
    aberto = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    aberto.bind(LOOPBACK)
    return aberto


if __name__ == "__main__":
    main()
