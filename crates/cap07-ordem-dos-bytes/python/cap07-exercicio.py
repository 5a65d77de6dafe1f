"""Exercício do capítulo 7: a estação que responde.

python3 crates/cap07-ordem-dos-bytes/python/cap07-exercicio.py 127.0.0.1:7007
"""

import socket
import sys

ENDERECO = "127.0.0.1:7007"


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        host, porta = ouvinte.getsockname()
        print(f"escutando em {host}:{porta}", flush=True)
        servir(ouvinte)


def servir(ouvinte: socket.socket) -> None:
    """Atende um cliente depois do outro, para sempre.

    Falta escrever. O laço de `accept` é o dos capítulos anteriores.
    """
    sys.exit(
        "falta escrever `servir`, `atender` e `consultar` em "
        "cap07-exercicio.py"
    )


def atender(conexao: socket.socket) -> None:
    """Trata uma mensagem de cada vez, até o fim do fluxo.

    Falta escrever. Perguntas que o seu código precisa responder:
    - quantos bytes ainda faltam, depois de conhecido o tipo?
    - em que ordem vêm os quatro bytes de um inteiro?
    - qual inteiro tem sinal?
    - o que fazer com um lote de 4294967295 medidas?
    - e com um tipo que não existe, ou com o fim no meio da mensagem?
    """
    sys.exit("falta escrever `atender`")


def consultar(inicio: int, fim: int) -> bytes:
    """Quantas medidas há no intervalo, e a maior temperatura entre elas.

    Falta escrever.
    """
    sys.exit("falta escrever `consultar`")


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7007" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
