"""Errado de propósito (M26): guarda a linha, do tamanho que ela vier.

python3 crates/cap06-enquadramento/python/cap06-errado-sem-limite.py 127.0.0.1:7006
"""

import socket
import sys

ENDERECO = "127.0.0.1:7006"


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        host, porta = ouvinte.getsockname()
        print(f"escutando em {host}:{porta}", flush=True)
        while True:
            conexao, par = ouvinte.accept()
            try:
                receber_linhas(conexao)
            except OSError as erro:
                print(f"{par[0]}:{par[1]} caiu ({erro})", flush=True)


# ANCHOR: receber_linhas
def receber_linhas(conexao: socket.socket) -> None:
    """Espera o "\\n" sem perguntar quanto já guardou."""
    with conexao, conexao.makefile("rb") as leitor:
        while linha := leitor.readline():
            print(f"guardei uma linha de {len(linha)} bytes", flush=True)


# ANCHOR_END: receber_linhas


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7006" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
