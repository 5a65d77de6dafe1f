"""Servidor de eco: devolve a cada cliente os bytes que ele enviou.

python3 crates/cap05-servidor-tcp/python/cap05-servidor.py 127.0.0.1:7005
"""

import socket
import sys

ENDERECO = "127.0.0.1:7005"
TAMANHO_DO_BUFFER = 4096


# ANCHOR: main
def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with escutar(endereco) as ouvinte:
        print(f"escutando em {mostrar(ouvinte.getsockname())}", flush=True)
        while True:
            conexao, par = aceitar(ouvinte)
            print(f"{mostrar(par)} conectou", flush=True)
            try:
                total = ecoar(conexao)
                fim = f"encerrou ({total} bytes)"
            except OSError as erro:
                fim = f"caiu ({erro})"
            print(f"{mostrar(par)} {fim}", flush=True)


# ANCHOR_END: main


# ANCHOR: escutar
def escutar(endereco: str) -> socket.socket:
    """Reserva o endereço e pede ao kernel que receba conexões nele."""
    try:
        return socket.create_server(separar(endereco))
    except OSError as erro:
        sys.exit(f"não consegui escutar em {endereco} ({erro})")


# ANCHOR_END: escutar


# ANCHOR: aceitar
def aceitar(ouvinte: socket.socket) -> tuple[socket.socket, tuple[str, int]]:
    """Retira da fila a próxima conexão; com a fila vazia, espera."""
    while True:
        try:
            return ouvinte.accept()
        except ConnectionAbortedError:
            # Este cliente desistiu ainda na fila; o próximo não tem culpa.
            continue


# ANCHOR_END: aceitar


# ANCHOR: ecoar
def ecoar(conexao: socket.socket) -> int:
    """Devolve cada byte recebido, até o cliente encerrar o lado dele."""
    total = 0
    with conexao:
        while dados := conexao.recv(TAMANHO_DO_BUFFER):
            conexao.sendall(dados)
            total += len(dados)
    return total


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
