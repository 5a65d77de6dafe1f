"""Escuta em [::] com pilha dupla pedida, e não suposta.

python3 crates/cap02-enderecos-e-nomes/python/cap02-duas-familias.py 7002
"""

import socket
import sys

PORTA = "7002"
FILA = 128


def main() -> None:
    porta = sys.argv[1] if len(sys.argv) > 1 else PORTA
    try:
        ouvinte = escutar(int(porta))
    except (OSError, OverflowError, ValueError) as erro:
        sys.exit(f"não consegui escutar ({erro})")
    print(f"escutando em {escrito(ouvinte.getsockname())}", flush=True)
    while True:
        conexao, par = ouvinte.accept()
        print(f"{escrito(par)} conectou", flush=True)
        with conexao:
            saudar(conexao, par[0])


# ANCHOR: escutar
def escutar(porta: int) -> socket.socket:
    """Um socket só, que atende as duas famílias, onde há pilha dupla."""
    ouvinte = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    if sys.platform != "win32":  # No Windows, ela faz outra coisa.
        ouvinte.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ouvinte.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    ouvinte.bind(("::", porta))
    ouvinte.listen(FILA)
    return ouvinte


# ANCHOR_END: escutar


def saudar(conexao: socket.socket, ip: str) -> None:
    try:
        conexao.sendall(f"olá! você chegou de {ip}\n".encode())
    except OSError as erro:
        print(f"{ip} foi embora ({erro})", flush=True)


def escrito(par: tuple) -> str:
    """Escreve um endereço como o Rust: o IPv6 vai entre colchetes."""
    host, porta = par[:2]
    return f"[{host}]:{porta}" if ":" in host else f"{host}:{porta}"


if __name__ == "__main__":
    main()
