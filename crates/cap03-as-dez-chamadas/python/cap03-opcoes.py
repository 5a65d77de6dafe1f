"""setsockopt e getsockopt: o que o sistema deu, o que se pediu, o que ficou.

python3 crates/cap03-as-dez-chamadas/python/cap03-opcoes.py
"""

import socket

BUFFER_PEDIDO = 10_000


# ANCHOR: main
def main() -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as aberto:
        for nome, nivel, opcao, pedido in [
            ("SO_REUSEADDR", socket.SOL_SOCKET, socket.SO_REUSEADDR, True),
            ("TCP_NODELAY", socket.IPPROTO_TCP, socket.TCP_NODELAY, True),
            ("IPV6_V6ONLY", socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, False),
            ("SO_RCVBUF", socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_PEDIDO),
        ]:
            antes = aberto.getsockopt(nivel, opcao)
            aberto.setsockopt(nivel, opcao, pedido)
            mostrar(nome, antes, pedido, aberto.getsockopt(nivel, opcao))


# ANCHOR_END: main


def mostrar(opcao: str, antes: int, pedi: bool | int, ficou: int) -> None:
    """As opções de sim ou não são inteiros: 0 é não, o resto é sim."""
    if isinstance(pedi, bool):
        antes, ficou = bool(antes), bool(ficou)
    valores = [str(valor).lower() for valor in (antes, pedi, ficou)]
    antes, pedi, ficou = valores
    print(f"{opcao:<12}  era {antes:<6}  pedi {pedi:<5}  ficou {ficou}")


if __name__ == "__main__":
    main()
