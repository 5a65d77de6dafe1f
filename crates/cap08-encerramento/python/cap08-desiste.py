"""Recebe o arquivo, não consegue guardá-lo e vai embora sem recibo.

python3 crates/cap08-encerramento/python/cap08-desiste.py 127.0.0.1:7008
"""

import socket
import sys

ENDERECO = "127.0.0.1:7008"
TAMANHO_DO_BUFFER = 64 * 1024
SILENCIO_MAXIMO = 10.0  # segundos


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        print("escutando em %s:%d" % ouvinte.getsockname()[:2], flush=True)
        while True:
            conexao, _ = ouvinte.accept()
            try:
                total = perder(conexao)
                print(f"perdi {total} bytes e fui embora", flush=True)
            except OSError as erro:
                print(f"não recebi o arquivo ({erro})", flush=True)


def perder(conexao: socket.socket) -> int:
    """Lê até o fim do fluxo, como se o disco estivesse cheio."""
    with conexao:
        conexao.settimeout(SILENCIO_MAXIMO)
        total = 0
        while lidos := conexao.recv(TAMANHO_DO_BUFFER):
            total += len(lidos)
        return total


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7008" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
