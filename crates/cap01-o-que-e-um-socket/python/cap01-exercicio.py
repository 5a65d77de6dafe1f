"""Exercício do capítulo 1: o oráculo.

python3 crates/cap01-o-que-e-um-socket/python/cap01-exercicio.py 127.0.0.1:7001
"""

import socket
import sys

ENDERECO = "127.0.0.1:7001"


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        segredo = consultar(endereco)
    except (OSError, EOFError, ValueError) as erro:
        sys.exit(f"não soube o segredo ({erro})")
    print(segredo)


def consultar(endereco: str) -> str:
    """Conversa com o oráculo e devolve o segredo."""
    conexao = socket.create_connection(separar(endereco))
    leitor = conexao.makefile("r", encoding="utf-8", newline="\n")
    while True:
        linha = leitor.readline()
        verbo, texto = responder(linha)
        if verbo == "fim":
            return texto
        conexao.sendall(f"{texto}\n".encode())


def responder(linha: str) -> tuple[str, str]:
    """Decide o que fazer com uma linha do oráculo.

    Devolve ("diga", a resposta) ou ("fim", o segredo).

    Falta escrever. Perguntas que o seu código precisa responder:
    - o que o oráculo quer ouvir depois da saudação?
    - e depois de `some 417 286`?
    - o que é o segredo em `segredo ipê-4821`?
    - e se a linha for `errado`? E se estiver vazia, porque o fluxo acabou?
    """
    raise OSError("falta escrever `responder` em cap01-exercicio.py")


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7001" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
