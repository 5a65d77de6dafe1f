"""Escuta em um endereço e saúda quem chega, dizendo de onde o viu chegar.

python3 crates/cap02-enderecos-e-nomes/python/cap02-escuta.py 127.0.0.1:7002
"""

import socket
import sys

ENDERECO = "127.0.0.1:7002"
SILENCIO_MAXIMO = 2.0  # segundos
LINHA_MAXIMA = 200


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    host, porta = separar(endereco)
    familia = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        ouvinte = socket.create_server((host, porta), family=familia)
    except OSError as erro:
        sys.exit(f"não consegui escutar em {endereco} ({erro})")
    print(f"escutando em {escrito(ouvinte.getsockname())}", flush=True)
    while True:
        conexao, par = ouvinte.accept()
        print(f"{escrito(par)} conectou", flush=True)
        with conexao:
            contar(conexao, par)


def contar(conexao: socket.socket, par: tuple) -> None:
    """Uma linha no terminal sobre como a conversa acabou."""
    try:
        linha = saudar(conexao, par[0])
    except OSError as erro:
        print(f"{escrito(par)} não respondeu ({erro})", flush=True)
        return
    if linha:
        print(f"{escrito(par)} respondeu “{linha.rstrip()}”", flush=True)
    else:
        print(f"{escrito(par)} foi embora", flush=True)


# ANCHOR: saudar
def saudar(conexao: socket.socket, ip: str) -> str:
    """Saúda e lê uma linha de resposta; vazia, se o cliente só encerrou."""
    conexao.settimeout(SILENCIO_MAXIMO)
    conexao.sendall(f"olá! você chegou de {ip}\n".encode())
    with conexao.makefile("rb") as leitor:
        return leitor.readline(LINHA_MAXIMA).decode(errors="replace")


# ANCHOR_END: saudar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "[::1]:7002" em host, sem os colchetes, e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


def escrito(par: tuple) -> str:
    """Escreve um endereço como o Rust: o IPv6 vai entre colchetes."""
    host, porta = par[:2]
    return f"[{host}]:{porta}" if ":" in host else f"{host}:{porta}"


if __name__ == "__main__":
    main()
