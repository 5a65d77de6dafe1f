"""Quatro formas de marcar onde uma mensagem acaba, lidas de um fluxo que
chega byte a byte.

python3 crates/cap06-enquadramento/python/cap06-formas.py
"""

import socket
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO

from cap06_enquadramento import (
    ler_ate_o_fim,
    ler_com_prefixo,
    ler_fixa,
    ler_linha,
)

ENDERECO = "127.0.0.1:0"


def main() -> None:
    mostrar("delimitador", "oi\nolá\n", ler_linha)
    mostrar("prefixo de tamanho", "\0\x02oi\0\x04olá", ler_com_prefixo)
    mostrar("tamanho fixo", "oi        olá      ", ler_fixa)
    mostrar("fim da conexão", "oi olá", ler_ate_o_fim)


def mostrar(
    forma: str, texto: str, ler: Callable[[BinaryIO], bytes | None]
) -> None:
    """Envia o texto byte a byte e mostra as mensagens que `ler` remonta."""
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        origem = socket.create_connection(ouvinte.getsockname())
        conexao, _ = ouvinte.accept()
    threading.Thread(target=gotejar, args=(origem, texto.encode())).start()
    print(f"{forma}: {len(texto.encode())} bytes")
    with conexao, conexao.makefile("rb") as leitor:
        while (mensagem := ler(leitor)) is not None:
            print(f'  "{mensagem.decode()}"')


def gotejar(origem: socket.socket, dados: bytes) -> None:
    """Envia um byte de cada vez e encerra a conexão."""
    with origem:
        # Cada byte parte sozinho.
        origem.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for posicao in range(len(dados)):
            origem.sendall(dados[posicao : posicao + 1])


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7006" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
