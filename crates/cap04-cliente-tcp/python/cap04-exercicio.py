"""Exercício do capítulo 4: um recado inteiro, ou o motivo.

python3 crates/cap04-cliente-tcp/python/cap04-exercicio.py 127.0.0.1:7004
"""

import sys

ENDERECO = "127.0.0.1:7004"


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        recado = pegar(endereco)
    except (OSError, EOFError, ValueError) as erro:
        print(f"não peguei o recado ({erro})", file=sys.stderr)
        sys.exit(estado_de_saida(erro))
    sys.stdout.buffer.write(recado)


def pegar(endereco: str) -> bytes:
    """Conecta, pede e devolve o recado: os bytes dele, inteiros.

    Falta escrever. Um caminho:
    1. conecte e limite o silêncio a 1 segundo (`settimeout`);
    2. envie a linha `PEGA`;
    3. leia a linha com o tamanho, depois esse tanto de bytes, nem um a mais.

    Perguntas que o seu código precisa responder:
    - e se a linha do tamanho chegar em dois pedaços?
    - e se o recado já vier colado nela?
    - e se o fluxo terminar antes do último byte?
    """
    raise OSError("falta escrever `pegar` em cap04-exercicio.py")


def estado_de_saida(erro: Exception) -> int:
    """3 conexão recusada; 4 tempo esgotado; 5 recado cortado; 1 outro erro.

    Falta escrever: olhe o tipo do erro com `isinstance`.
    """
    return 1


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7004" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
