"""Exercício do capítulo 3: o eco, chamada por chamada.

python3 crates/cap03-as-dez-chamadas/python/cap03-exercicio.py 127.0.0.1:7003
"""

import socket
import sys

ENDERECO = "127.0.0.1:7003"


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    ouvinte = escutar(endereco)
    print(f"escutando em {endereco}", flush=True)
    servir(ouvinte)


def escutar(endereco: str) -> socket.socket:
    """Abre o socket de escuta: `endereço:porta` ou `unix:/caminho`.

    Falta escrever. Um caminho:
    1. descubra a família e o endereço a partir do texto;
    2. crie o socket e ligue as opções que o endereço pede;
    3. `bind` e `listen`.
    """
    sys.exit("falta escrever `escutar` e `servir` em cap03-exercicio.py")


def servir(ouvinte: socket.socket) -> None:
    """Atende um cliente depois do outro, para sempre.

    Falta escrever. Perguntas que o seu código precisa responder:
    - o que fazer quando `accept` falha?
    - o que significa uma leitura de zero bytes?
    - e se `send` aceitar só uma parte?
    """
    sys.exit("falta escrever `servir`")


if __name__ == "__main__":
    main()
