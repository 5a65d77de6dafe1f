"""Errado de propósito (M22): tenta um só dos endereços do nome.

python3 crates/cap02-enderecos-e-nomes/python/cap02-errado-primeiro.py
"""

import socket
import sys

DESTINO = "localhost:7002"
PRAZO_DE_CONEXAO = 2.0  # segundos
SILENCIO_MAXIMO = 2.0
LINHA_MAXIMA = 200


def main() -> None:
    destino = sys.argv[1] if len(sys.argv) > 1 else DESTINO
    try:
        with conectar(destino) as conexao:
            print(ler_linha(conexao), end="")
    except (OSError, ValueError) as erro:
        sys.exit(f"Error: {erro}")


# ANCHOR: conectar
def conectar(destino: str) -> socket.socket:
    """Conecta ao endereço do nome, como se houvesse um só."""
    host, porta = separar(destino)
    respostas = socket.getaddrinfo(host, porta, type=socket.SOCK_STREAM)
    familia, tipo, protocolo, _, endereco = respostas[0]
    conexao = socket.socket(familia, tipo, protocolo)
    conexao.settimeout(PRAZO_DE_CONEXAO)
    try:
        conexao.connect(endereco)
    except OSError as erro:
        conexao.close()
        raise OSError(f"não conectei a {escrito(endereco)} ({erro})") from erro
    return conexao


# ANCHOR_END: conectar


def ler_linha(conexao: socket.socket) -> str:
    """A linha que o servidor diz primeiro."""
    conexao.settimeout(SILENCIO_MAXIMO)
    with conexao.makefile("rb") as leitor:
        return leitor.readline(LINHA_MAXIMA).decode(errors="replace")


def separar(destino: str) -> tuple[str, int]:
    """Divide "[::1]:7002" em host, sem os colchetes, e porta."""
    host, _, porta = destino.rpartition(":")
    return host.strip("[]"), int(porta)


def escrito(endereco: tuple) -> str:
    """Escreve um endereço como o Rust: o IPv6 vai entre colchetes."""
    host, porta = endereco[:2]
    return f"[{host}]:{porta}" if ":" in host else f"{host}:{porta}"


if __name__ == "__main__":
    main()
