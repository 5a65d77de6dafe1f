"""Exercício do capítulo 8: um balcão que não perde recados.

python3 crates/cap08-encerramento/python/cap08-exercicio.py 127.0.0.1:7008
"""

import socket
import sys
from collections import deque

ENDERECO = "127.0.0.1:7008"


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    fila: deque[bytes] = deque()
    with socket.create_server(separar(endereco)) as ouvinte:
        print("escutando em %s:%d" % ouvinte.getsockname()[:2], flush=True)
        while True:
            conexao, _ = ouvinte.accept()
            try:
                atender(conexao, fila)
            except OSError as erro:
                print(f"uma conexão acabou mal ({erro})", flush=True)


def atender(conexao: socket.socket, fila: deque[bytes]) -> None:
    """Lê a primeira linha, faz o que ela pede e encerra a conexão.

    Falta escrever. Um caminho:
    1. leia a primeira linha com um `makefile("rb")`, o mesmo até o fim;
    2. `DEIXA`: leia até o fim do fluxo, ponha na fila, responda;
    3. `PEGA`: envie o mais antigo, espere `OK`, e só então tire-o da fila;
    4. outra coisa: `NAO ENTENDI`;
    5. encerre o envio e leia o que ainda vier, até o fim.

    Perguntas que o seu código precisa responder:
    - quem encerrou o envio ainda ouve a resposta?
    - o que acontece com a resposta se sobrarem bytes por ler?
    - o que prova que um recado foi entregue?
    """
    sys.exit("falta escrever `atender` em cap08-exercicio.py")


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7008" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
