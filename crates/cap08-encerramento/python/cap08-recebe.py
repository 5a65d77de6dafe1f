"""Recebe um arquivo por conexão e responde com um recibo.

python3 crates/cap08-encerramento/python/cap08-recebe.py 127.0.0.1:7008
"""

import socket
import sys
import zlib

ENDERECO = "127.0.0.1:7008"
TAMANHO_DO_BUFFER = 64 * 1024
SILENCIO_MAXIMO = 10.0  # segundos
SOMA_VAZIA = 1


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        print("escutando em %s:%d" % ouvinte.getsockname()[:2], flush=True)
        while True:
            conexao, _ = ouvinte.accept()
            try:
                print(receber(conexao), end="", flush=True)
            except OSError as erro:
                print(f"não recebi o arquivo ({erro})", flush=True)


# ANCHOR: receber
def receber(conexao: socket.socket) -> str:
    """Lê até o fim do fluxo, envia o recibo e encerra."""
    with conexao:
        conexao.settimeout(SILENCIO_MAXIMO)
        total, soma = 0, SOMA_VAZIA
        while lidos := conexao.recv(TAMANHO_DO_BUFFER):
            total += len(lidos)
            soma = zlib.adler32(lidos, soma)
        # o outro lado não envia mais nada, mas ainda ouve
        recibo = f"recebi {total} bytes, soma {soma:08x}\n"
        conexao.sendall(recibo.encode())
        return recibo


# ANCHOR_END: receber


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7008" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
