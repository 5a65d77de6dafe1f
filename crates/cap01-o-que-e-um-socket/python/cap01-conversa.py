"""Conversa: leva o que você digita ao outro lado e mostra o que vem de lá.

python3 crates/cap01-o-que-e-um-socket/python/cap01-conversa.py \
127.0.0.1:7001 escuta
"""

import os
import socket
import sys
import threading
from collections.abc import Callable

ENDERECO = "127.0.0.1:7001"
TAMANHO_DO_BUFFER = 4096


# ANCHOR: main
def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    escuta = sys.argv[2:3] == ["escuta"]
    conexao = esperar(endereco) if escuta else conectar(endereco)
    try:
        conversar(conexao)
    except OSError as erro:
        sys.exit(f"a conversa caiu ({erro})")
    print("o outro lado encerrou", file=sys.stderr)


# ANCHOR_END: main


# ANCHOR: esperar
def esperar(endereco: str) -> socket.socket:
    """O servidor: escuta no endereço e espera um cliente, um só."""
    try:
        ouvinte = socket.create_server(separar(endereco))
    except OSError as erro:
        sys.exit(f"não consegui escutar em {endereco} ({erro})")
    print(f"escutando em {mostrar(ouvinte.getsockname())}", flush=True)
    with ouvinte:
        conexao, par = ouvinte.accept()
    print(f"{mostrar(par)} conectou", file=sys.stderr)
    return conexao


# ANCHOR_END: esperar


# ANCHOR: conectar
def conectar(endereco: str) -> socket.socket:
    """O cliente: procura quem escuta no endereço."""
    try:
        conexao = socket.create_connection(separar(endereco))
    except OSError as erro:
        sys.exit(f"não conectei a {endereco} ({erro})")
    print(f"conectado a {mostrar(conexao.getpeername())}", file=sys.stderr)
    return conexao


# ANCHOR_END: conectar


# ANCHOR: conversar
def conversar(conexao: socket.socket) -> None:
    """Os dois sentidos ao mesmo tempo, até o outro lado encerrar o dele."""

    def ida() -> None:
        try:
            repassar(lambda: os.read(0, TAMANHO_DO_BUFFER), conexao.sendall)
            conexao.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # se o envio falha, quem percebe é a leitura

    threading.Thread(target=ida, daemon=True).start()
    repassar(lambda: conexao.recv(TAMANHO_DO_BUFFER), escrever)


def repassar(
    ler: Callable[[], bytes], enviar: Callable[[bytes], None]
) -> None:
    """Copia bytes de um lugar a outro, à medida que chegam, até o fim."""
    while lidos := ler():
        enviar(lidos)


# ANCHOR_END: conversar


def escrever(dados: bytes) -> None:
    """Mostra os bytes no terminal, sem esperar o fim da linha."""
    sys.stdout.buffer.write(dados)
    sys.stdout.buffer.flush()


def mostrar(par: tuple[str, int]) -> str:
    """Escreve um endereço como o Rust: host, dois-pontos, porta."""
    return f"{par[0]}:{par[1]}"


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7001" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
