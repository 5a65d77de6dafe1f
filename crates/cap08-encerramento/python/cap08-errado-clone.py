"""Errado de propósito (M14): pensa que descartar um clone fecha a conexão.

python3 crates/cap08-encerramento/python/cap08-errado-clone.py 127.0.0.1:7008 carta.txt
"""

import socket
import sys
from pathlib import Path

ENDERECO = "127.0.0.1:7008"
ARQUIVO = str(Path(__file__).parent.parent / "carta.txt")
SILENCIO_MAXIMO = 2.0  # segundos


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    arquivo = sys.argv[2] if len(sys.argv) > 2 else ARQUIVO
    try:
        dados = Path(arquivo).read_bytes()
    except OSError as erro:
        sys.exit(f"não li {arquivo} ({erro})")
    try:
        recibo = entregar(endereco, dados)
    except OSError as erro:
        sys.exit(f"não sei se {arquivo} chegou ({erro})")
    print(f"o recibo: {recibo!r}")


# ANCHOR: entregar
def entregar(endereco: str, dados: bytes) -> str:
    """Envia tudo por um clone, descarta o clone e espera o recibo."""
    with socket.create_connection(separar(endereco)) as conexao:
        conexao.settimeout(SILENCIO_MAXIMO)
        escritor = conexao.dup()
        escritor.sendall(dados)
        escritor.close()  # fechou o sentido de ida?
        with conexao.makefile("rb") as leitor:
            return leitor.read().decode("utf-8", "replace")


# ANCHOR_END: entregar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7008" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
