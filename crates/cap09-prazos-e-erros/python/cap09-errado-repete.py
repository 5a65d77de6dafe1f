"""Errado de propósito: sem resposta, pede de novo, seja o que for.

python3 crates/cap09-prazos-e-erros/python/cap09-errado-repete.py 127.0.0.1:7009 "soma 10"
"""

import socket
import sys

ENDERECO = "127.0.0.1:7009"
PEDIDO = "soma 10"
TEMPO_LIMITE = 1.0  # segundos
TENTATIVAS = 3


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    pedido = sys.argv[2] if len(sys.argv) > 2 else PEDIDO
    try:
        resposta = insistir(endereco, pedido)
    except (OSError, EOFError) as erro:
        sys.exit(f"desisti ({erro})")
    print(f"resposta: {resposta}")


# ANCHOR: insistir
def insistir(destino: str, pedido: str) -> str:
    for _ in range(1, TENTATIVAS):
        try:
            return pedir(destino, pedido)
        except (OSError, EOFError):
            pass
    return pedir(destino, pedido)
# ANCHOR_END: insistir


def pedir(destino: str, pedido: str) -> str:
    with socket.create_connection(separar(destino), TEMPO_LIMITE) as conexao:
        conexao.sendall(f"{pedido}\n".encode())
        linha = conexao.makefile("rb").readline()
        if not linha.endswith(b"\n"):
            raise EOFError("o fluxo acabou antes da resposta")
        return linha[:-1].decode()


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7009" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
