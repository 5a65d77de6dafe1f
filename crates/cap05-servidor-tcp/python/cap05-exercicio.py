"""Exercício do capítulo 5: um eco que não perde nada.

python3 crates/cap05-servidor-tcp/python/cap05-exercicio.py 127.0.0.1:7005
"""

import socket
import sys

ENDERECO = "127.0.0.1:7005"


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        host, porta = ouvinte.getsockname()
        print(f"escutando em {host}:{porta}", flush=True)
        servir(ouvinte)


def servir(ouvinte: socket.socket) -> None:
    """Atende um cliente depois do outro, para sempre.

    Falta escrever. Um caminho:
    1. aceite a próxima conexão (`accept`) e entregue-a a `ecoar`;
    2. se `ecoar` levantar um erro, mostre-o e siga para o próximo cliente;
    3. repita.
    """
    sys.exit("falta escrever `servir` e `ecoar` em cap05-exercicio.py")


def ecoar(conexao: socket.socket) -> None:
    """Devolve cada byte recebido, até o cliente encerrar o lado dele.

    Falta escrever. Perguntas que o seu código precisa responder:
    - quantos bytes esta leitura trouxe?
    - o que significa uma leitura de zero bytes?
    - e se o outro lado aceitar só uma parte do que você envia?
    """
    sys.exit("falta escrever `ecoar`")


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7005" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
