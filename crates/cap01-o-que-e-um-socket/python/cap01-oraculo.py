"""Oráculo: conta um segredo a quem acerta três somas.

python3 crates/cap01-o-que-e-um-socket/python/cap01-oraculo.py 127.0.0.1:7001
"""

import random
import socket
import sys
from typing import BinaryIO

ENDERECO = "127.0.0.1:7001"
PACIENCIA = 120.0  # segundos
LINHA_MAXIMA = 100
QUANTAS_SOMAS = 3
PALAVRAS = ["coração", "ipê", "maracujá", "sabiá"]


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        ouvinte = socket.create_server(separar(endereco))
    except OSError as erro:
        sys.exit(f"não consegui escutar em {endereco} ({erro})")
    print(f"escutando em {mostrar(ouvinte.getsockname())}", flush=True)
    while True:
        conexao, par = ouvinte.accept()
        print(f"{mostrar(par)} conectou", flush=True)
        try:
            with conexao:
                fim = atender(conexao)
        except OSError as erro:
            fim = f"caiu ({erro})"
        print(f"{mostrar(par)} {fim}", flush=True)


def atender(conexao: socket.socket) -> str:
    """A conversa inteira com um cliente."""
    conexao.settimeout(PACIENCIA)
    leitor = conexao.makefile("rb")
    conexao.sendall("oráculo: quem vem lá?\n".encode())
    if not ler_linha(leitor).startswith("sou "):
        conexao.sendall(b"errado\n")
        return "não se apresentou"
    somas = [sortear() for _ in range(QUANTAS_SOMAS)]
    linhas = [f"some {a} {b}\n" for a, b in somas]
    conexao.sendall("".join(linhas).encode())
    for a, b in somas:
        if ler_linha(leitor) != str(a + b):
            conexao.sendall(b"errado\n")
            return "não acertou as somas"
    a, b = sortear()
    segredo = f"{PALAVRAS[a % len(PALAVRAS)]}-{b}"
    conexao.sendall(f"segredo {segredo}\n".encode())
    return "recebeu o segredo"


def ler_linha(leitor: BinaryIO) -> str:
    """Uma linha, sem o fim dela; vazia se o cliente encerrou."""
    return leitor.readline(LINHA_MAXIMA).decode(errors="replace").rstrip()


def sortear() -> tuple[int, int]:
    """Dois números de 100 a 999, diferentes a cada vez."""
    return random.randint(100, 999), random.randint(100, 999)


def mostrar(par: tuple[str, int]) -> str:
    """Escreve um endereço como o Rust: host, dois-pontos, porta."""
    return f"{par[0]}:{par[1]}"


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7001" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
