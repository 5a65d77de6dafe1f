"""Errado de propósito (M07): não percebe que o cliente terminou.

python3 crates/cap05-servidor-tcp/python/cap05-errado-ignora-fim.py
"""

import socket
import sys

ENDERECO = "127.0.0.1:7005"
TAMANHO_DO_BUFFER = 4096


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        print(f"escutando em {mostrar(ouvinte.getsockname())}", flush=True)
        while True:
            conexao, par = ouvinte.accept()
            print(f"{mostrar(par)} conectou", flush=True)
            try:
                ecoar(conexao)
                fim = "encerrou"
            except OSError as erro:
                fim = f"caiu ({erro})"
            print(f"{mostrar(par)} {fim}", flush=True)


# ANCHOR: ecoar
def ecoar(conexao: socket.socket) -> None:
    """Depois do fim do fluxo, `recv` devolve b"" para sempre."""
    with conexao:
        while True:
            dados = conexao.recv(TAMANHO_DO_BUFFER)
            conexao.sendall(dados)


# ANCHOR_END: ecoar


def mostrar(par: tuple[str, int]) -> str:
    """Escreve um endereço como o Rust: host, dois-pontos, porta."""
    return f"{par[0]}:{par[1]}"


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7005" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
