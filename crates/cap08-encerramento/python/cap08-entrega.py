"""Entrega um arquivo e só acredita no recibo.

python3 crates/cap08-encerramento/python/cap08-entrega.py 127.0.0.1:7008 carta.txt
"""

import socket
import sys
import zlib
from contextlib import suppress
from pathlib import Path

ENDERECO = "127.0.0.1:7008"
ARQUIVO = str(Path(__file__).parent.parent / "carta.txt")
SILENCIO_MAXIMO = 10.0  # segundos
SOMA_VAZIA = 1


# ANCHOR: main
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
    if recibo != escrever_recibo(dados):
        sys.exit(f"o recibo não confere: {recibo!r}")
    print(f"entregue: {recibo.rstrip()}")


# ANCHOR_END: main


# ANCHOR: entregar
def entregar(endereco: str, dados: bytes) -> str:
    """Envia tudo, avisa que acabou e espera o recibo."""
    with socket.create_connection(separar(endereco)) as conexao:
        conexao.settimeout(SILENCIO_MAXIMO)
        conexao.sendall(dados)
        # Acabou, mas continuo ouvindo. Se a conexão já caiu, a leitura dirá.
        with suppress(OSError):
            conexao.shutdown(socket.SHUT_WR)
        with conexao.makefile("rb") as leitor:
            return leitor.read().decode("utf-8", "replace")


# ANCHOR_END: entregar


def escrever_recibo(dados: bytes) -> str:
    """O recibo de quem recebeu estes bytes, todos e nesta ordem."""
    total, soma = len(dados), zlib.adler32(dados, SOMA_VAZIA)
    return f"recebi {total} bytes, soma {soma:08x}\n"


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7008" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
