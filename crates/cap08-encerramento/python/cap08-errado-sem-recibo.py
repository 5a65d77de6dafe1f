"""Errado de propósito (M15): toma a escrita pela prova de entrega.

python3 crates/cap08-encerramento/python/cap08-errado-sem-recibo.py 127.0.0.1:7008 carta.txt
"""

import socket
import sys
from pathlib import Path

ENDERECO = "127.0.0.1:7008"
ARQUIVO = str(Path(__file__).parent.parent / "carta.txt")


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    arquivo = sys.argv[2] if len(sys.argv) > 2 else ARQUIVO
    try:
        dados = Path(arquivo).read_bytes()
    except OSError as erro:
        sys.exit(f"não li {arquivo} ({erro})")
    try:
        entregar(endereco, dados)
    except OSError as erro:
        sys.exit(f"não entreguei {arquivo} ({erro})")
    print(f"entregue: {len(dados)} bytes")


# ANCHOR: entregar
def entregar(endereco: str, dados: bytes) -> None:
    """Envia tudo e avisa que acabou. Se nada deu errado, chegou?"""
    with socket.create_connection(separar(endereco)) as conexao:
        conexao.sendall(dados)
        conexao.shutdown(socket.SHUT_WR)


# ANCHOR_END: entregar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7008" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
