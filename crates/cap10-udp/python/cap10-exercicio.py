"""Exercício do capítulo 10: um eco e perguntas, em datagramas.

python3 crates/cap10-udp/python/cap10-exercicio.py 127.0.0.1:7010 eco
python3 crates/cap10-udp/python/cap10-exercicio.py 127.0.0.1:7010
"""

import socket
import sys

ENDERECO = "127.0.0.1:7010"


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    if sys.argv[2:3] == ["eco"]:
        ecoar(endereco)
    else:
        perguntas(endereco)


def ecoar(endereco: str) -> None:
    """Devolve cada datagrama a quem o enviou.

    Falta escrever. Perguntas que o seu código precisa responder:
    - a que endereço o socket se associa?
    - a quem se responde, se muitos enviam ao mesmo socket?
    - quantos bytes tem este datagrama? E se forem 0?
    - como perceber que um datagrama passou do limite?
    """
    sys.exit("falta escrever `ecoar` em cap10-exercicio.py")


def perguntas(endereco: str) -> None:
    """Cada linha da entrada é uma pergunta."""
    meu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for numero, linha in enumerate(sys.stdin):
        resposta = perguntar(meu, endereco, numero, linha.rstrip("\n"))
        print("sem resposta" if resposta is None else resposta, flush=True)
    sys.exit("falta escrever `perguntar` em cap10-exercicio.py")


def perguntar(
    meu: socket.socket, endereco: str, numero: int, linha: str
) -> str | None:
    """Envia `NUMERO LINHA` em um datagrama e devolve o texto da resposta.

    Falta escrever. Perguntas que o seu código precisa responder:
    - a linha cabe no que o protocolo permite?
    - e se ninguém responder? E se a resposta for um erro do sistema?
    - que tamanho tem o maior datagrama que pode chegar?
    - quem enviou o que chegou? A qual pergunta ele responde?
    - o que muda se o datagrama que chegou está vazio?
    """
    return None


if __name__ == "__main__":
    main()
