"""Exercício do capítulo 9: um cliente que sabe esperar.

python3 crates/cap09-prazos-e-erros/python/cap09-exercicio.py 127.0.0.1:7109 "LER caixa"
"""

import socket
import sys

ENDERECO = "127.0.0.1:7109"


class Cliente:
    """O endereço do servidor e a conexão com ele, enquanto durar."""

    def __init__(self, endereco: str) -> None:
        self.endereco = endereco
        self.conexao: socket.socket | None = None


def main() -> None:
    cliente = Cliente(sys.argv[1] if len(sys.argv) > 1 else ENDERECO)
    for pedido in sys.argv[2:]:
        try:
            print(pedir(cliente, pedido), flush=True)
        except (OSError, EOFError, ValueError) as erro:
            print(f"desisti de “{pedido}” ({erro})", file=sys.stderr)
            sys.exit(estado_de_saida(erro))


def pedir(cliente: Cliente, pedido: str) -> str:
    """Pede até ter a resposta, até não poder repetir ou até o prazo acabar.

    Falta escrever. Um caminho, uma etapa de cada vez:
    1. guarde o instante em que o prazo acaba (`time.monotonic()`);
    2. se não há conexão, conecte, com o tempo que resta;
    3. envie o tamanho (dois bytes) e o texto, em uma escrita só;
    4. leia dois bytes e depois o texto, cada leitura com o que resta;
    5. se falhou e pode repetir, espere um pouco e volte ao 2.

    `cliente.conexao` passa de um pedido para o outro; depois de uma falha,
    ela não serve mais.
    """
    raise OSError(
        "falta escrever `pedir` em "
        "crates/cap09-prazos-e-erros/python/cap09-exercicio.py"
    )


def estado_de_saida(erro: Exception) -> int:
    """3 recusada; 4 tempo esgotado; 5 cortada; 1 outro erro.

    Falta escrever: olhe a classe do erro.
    """
    return 1


if __name__ == "__main__":
    main()
