"""Errado de propósito: dá a cada leitura o prazo da conversa inteira.

python3 crates/cap09-prazos-e-erros/python/cap09-errado-cada-leitura.py 127.0.0.1:7009 gotas
"""

import socket
import sys
import time

ENDERECO = "127.0.0.1:7009"
PEDIDO = "gotas"
PRAZO = 1.0  # segundos


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    pedido = sys.argv[2] if len(sys.argv) > 2 else PEDIDO
    inicio = time.monotonic()
    try:
        resposta = pedir(endereco, pedido)
    except OSError as erro:
        sys.exit(f"desisti ({erro})")
    levou = f"{time.monotonic() - inicio:.1f} s".replace(".", ",")
    print(f"o prazo era de {PRAZO:.0f} s, e passaram {levou}")
    print(resposta, end="")


# ANCHOR: pedir
def pedir(endereco: str, pedido: str) -> str:
    with socket.create_connection(separar(endereco), PRAZO) as conexao:
        conexao.sendall(f"{pedido}\n".encode())
        return conexao.makefile("rb").readline().decode()
# ANCHOR_END: pedir


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7009" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
