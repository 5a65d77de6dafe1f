"""Errado de propósito (M12): recusa o arquivo e fecha sem ler o resto.

python3 crates/cap08-encerramento/python/cap08-errado-fecha-sem-ler.py 127.0.0.1:7008
"""

import socket
import sys

ENDERECO = "127.0.0.1:7008"
LIMITE = 100


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        print("escutando em %s:%d" % ouvinte.getsockname()[:2], flush=True)
        while True:
            conexao, _ = ouvinte.accept()
            try:
                receber(conexao)
                print("avisei e fechei", flush=True)
            except (OSError, EOFError) as erro:
                print(f"não recebi o arquivo ({erro})", flush=True)


# ANCHOR: receber
def receber(conexao: socket.socket) -> None:
    """Aceita até LIMITE bytes; acima disso, avisa e fecha."""
    with conexao:
        lidos = 0
        while lidos < LIMITE:
            pedaco = conexao.recv(LIMITE - lidos)
            if not pedaco:
                raise EOFError("o arquivo acabou antes do limite")
            lidos += len(pedaco)
        conexao.sendall(b"grande demais\n")  # e o resto, que ninguém leu?


# ANCHOR_END: receber


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7008" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
