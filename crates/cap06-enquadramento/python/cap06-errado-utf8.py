"""Errado de propósito (M04): decodifica o texto pedaço por pedaço.

python3 crates/cap06-enquadramento/python/cap06-errado-utf8.py 127.0.0.1:7006
"""

import socket
import sys

ENDERECO = "127.0.0.1:7006"
PRAZO = 5.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_connection(separar(endereco), timeout=PRAZO) as conexao:
        receber_palavras(conexao)


# ANCHOR: receber_palavras
def receber_palavras(conexao: socket.socket) -> None:
    """Junta os pedaços de cada palavra já transformados em texto."""
    leitor = conexao.makefile("rb")
    while prefixo := leitor.read(2):
        faltam = int.from_bytes(prefixo, "big")
        palavra = ""
        while faltam > 0:
            chegados = leitor.read1(faltam)
            if not chegados:
                sys.exit("o fluxo acabou em meia mensagem")
            palavra += chegados.decode(errors="replace")
            faltam -= len(chegados)
        print(f"palavra: {palavra}")


# ANCHOR_END: receber_palavras


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7006" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
