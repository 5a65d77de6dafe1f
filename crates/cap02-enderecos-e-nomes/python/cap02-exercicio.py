"""Exercício do capítulo 2: o conector teimoso.

python3 crates/cap02-enderecos-e-nomes/python/cap02-exercicio.py localhost:7002
"""

import sys

DESTINO = "localhost:7002"


def main() -> None:
    argumentos = sys.argv[1:] or [DESTINO]
    for argumento in argumentos:
        if separar(argumento) is None:
            print(f"“{argumento}” não é host:porta", file=sys.stderr)
            sys.exit(2)
    for host, porta in map(separar, argumentos):
        if tentar_nome(host, porta):
            sys.exit(0)
    sys.exit(1)


def separar(destino: str) -> tuple[str, int] | None:
    """Divide "[::1]:7002" em host, sem os colchetes, e porta.

    Falta escrever: None se falta a porta ou se ela passa de 65535.
    """
    print(
        "falta escrever `separar` e `tentar_nome` em cap02-exercicio.py",
        file=sys.stderr,
    )
    return None


def tentar_nome(host: str, porta: int) -> bool:
    """Tenta cada endereço do nome, na ordem; diz se algum saudou.

    Falta escrever. Um caminho:
    1. pergunte os endereços ao sistema (`socket.getaddrinfo`);
    2. para cada um, conecte com limite (`settimeout`), leia a linha do
       servidor, também com limite, e devolva-a;
    3. escreva a linha do relatório e pare no primeiro que saudou.

    Perguntas que o seu código precisa responder:
    - e se o nome não tem endereço?
    - e se quem aceitou a conexão não disser nada?
    - e se ele fechar a conexão sem saudar?
    """
    return False


if __name__ == "__main__":
    main()
