"""Exercício do capítulo 6: a próxima mensagem.

python3 crates/cap06-enquadramento/python/cap06-exercicio.py 127.0.0.1:7006
"""

import socket
import sys
from typing import BinaryIO

ENDERECO = "127.0.0.1:7006"


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        host, porta = ouvinte.getsockname()
        print(f"escutando em {host}:{porta}", flush=True)
        servir(ouvinte)


def servir(ouvinte: socket.socket) -> None:
    """Atende um cliente depois do outro, para sempre.

    Falta escrever. O laço de `accept` é o do capítulo 5; o que muda é o que
    acontece com cada conexão.
    """
    raise NotImplementedError(
        "falta escrever `servir`, `atender` e `proxima_mensagem` em "
        "cap06-exercicio.py"
    )


def atender(conexao: socket.socket) -> None:
    """Combina o formato e responde a cada mensagem, até o fim do fluxo.

    Falta escrever. Um caminho:
    1. leia a primeira linha: é `linhas` ou `prefixo`;
    2. responda "pronto\\n";
    3. peça a próxima mensagem e responda, até não haver mais nenhuma.
    """
    raise NotImplementedError("falta escrever `atender`")


def proxima_mensagem(leitor: BinaryIO) -> bytes | None:
    """Devolve a próxima mensagem inteira; `None` se o fluxo acabou entre duas.

    `leitor` é o de `conexao.makefile("rb")`, um só por conexão.

    Falta escrever. Perguntas que o seu código precisa responder:
    - onde ficam os bytes que chegaram e ainda não são desta mensagem?
    - o que acontece se só metade dela, ou do prefixo, já chegou?
    - quando você já sabe que ela é longa demais?
    - e se o fluxo acabar no meio?
    """
    raise NotImplementedError("falta escrever `proxima_mensagem`")


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7006" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
