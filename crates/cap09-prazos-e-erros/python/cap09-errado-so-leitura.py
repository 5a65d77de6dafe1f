"""Errado de propósito: limita a conexão e a leitura, e esquece a escrita.

python3 crates/cap09-prazos-e-erros/python/cap09-errado-so-leitura.py 127.0.0.1:7009
"""

import socket
import sys

ENDERECO = "127.0.0.1:7009"
TEMPO_LIMITE = 1.0  # segundos
TAMANHO_DO_TEXTO = 32 * 1024 * 1024


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        resposta = pedir(endereco, "a" * TAMANHO_DO_TEXTO)
    except OSError as erro:
        sys.exit(f"desisti ({erro})")
    print(resposta.decode(), end="")


# ANCHOR: pedir
def pedir(endereco: str, texto: str) -> bytes:
    conexao = socket.create_connection(separar(endereco), TEMPO_LIMITE)
    conexao.settimeout(None)  # em Python, um limite só vale para tudo
    print(f"enviando {len(texto)} bytes", flush=True)
    conexao.sendall(f"eco {texto}\n".encode())
    print("enviado", flush=True)
    conexao.settimeout(TEMPO_LIMITE)
    return conexao.makefile("rb").read(len(texto) + 1)
# ANCHOR_END: pedir


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7009" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
