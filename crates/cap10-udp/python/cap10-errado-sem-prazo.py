"""Errado de propósito (M32): espera a resposta sem tempo limite.

python3 crates/cap10-udp/python/cap10-errado-sem-prazo.py 127.0.0.1:7010
"""

import socket
import sys

ENDERECO = "127.0.0.1:7010"
# O maior datagrama possível em IPv4 tem 65507 bytes de carga útil.
MAIOR_DATAGRAMA = 65_507


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        meu = conectar(endereco)
    except (OSError, ValueError) as erro:
        sys.exit(f"não entendi {endereco} ({erro})")
    for linha in sys.stdin:
        try:
            print(perguntar(meu, linha.rstrip("\n")), flush=True)
        except OSError as erro:
            print(f"sem resposta ({erro})", flush=True)


# ANCHOR: conectar
def conectar(endereco: str) -> socket.socket:
    """Um socket que só fala com este endereço. Nenhum datagrama parte aqui."""
    host, porta = separar(endereco)
    familia, tipo, _, _, servidor = socket.getaddrinfo(
        host, porta, type=socket.SOCK_DGRAM
    )[0]
    meu = socket.socket(familia, tipo)
    meu.connect(servidor)
    return meu


# ANCHOR_END: conectar


def perguntar(meu: socket.socket, linha: str) -> str:
    """Envia um datagrama e espera um."""
    meu.send(linha.encode())
    return meu.recv(MAIOR_DATAGRAMA).decode(errors="replace")


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7010" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
