"""ERRADO de propósito (M18): um socket de escuta novo para cada cliente.

python3 crates/cap03-as-dez-chamadas/python/cap03-errado-refaz.py 127.0.0.1:7003
"""

import os
import socket
import sys

ENDERECO = "127.0.0.1:7003"
FILA = 128
TAMANHO_DO_BUFFER = 4096


# ANCHOR: main
def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    while True:
        try:
            ouvinte = escutar(endereco)
        except OSError as erro:
            sys.exit(f"não consegui escutar em {endereco} ({erro})")
        with ouvinte:
            endereco = mostrar(ouvinte.getsockname())
            print(f"escutando em {endereco}", flush=True)
            conexao, par = ouvinte.accept()
            print(f"{mostrar(par)} conectou", flush=True)
            try:
                total = ecoar(conexao)
                fim = f"encerrou ({total} bytes)"
            except OSError as erro:
                fim = f"caiu ({erro})"
            print(f"{mostrar(par)} {fim}", flush=True)


# ANCHOR_END: main


def escutar(nome: str) -> socket.socket:
    """getaddrinfo, socket, setsockopt, bind e listen, nesta ordem."""
    host, _, porta = nome.rpartition(":")
    enderecos = socket.getaddrinfo(
        host.strip("[]"), porta, type=socket.SOCK_STREAM
    )
    familia, tipo, protocolo, _, endereco = enderecos[0]
    ouvinte = socket.socket(familia, tipo, protocolo)
    if os.name == "posix":  # No Windows, a opção faz outra coisa.
        ouvinte.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ouvinte.bind(endereco)
    ouvinte.listen(FILA)
    return ouvinte


def ecoar(conexao: socket.socket) -> int:
    """recv e send, até o fim; o close é o fim do `with`."""
    total = 0
    with conexao:
        while dados := conexao.recv(TAMANHO_DO_BUFFER):
            total += len(dados)
            while dados:
                dados = dados[conexao.send(dados) :]
    return total


def mostrar(endereco: tuple) -> str:
    """Escreve um endereço como o Rust: `127.0.0.1:7003` ou `[::1]:7003`."""
    host = f"[{endereco[0]}]" if ":" in endereco[0] else endereco[0]
    return f"{host}:{endereco[1]}"


if __name__ == "__main__":
    main()
