"""O endereço de um socket antes e depois de bind, listen e connect.

python3 crates/cap03-as-dez-chamadas/python/cap03-associar.py
"""

import errno
import os
import socket

LOOPBACK = ("127.0.0.1", 0)
# Um endereço reservado para textos: nenhuma máquina o tem (RFC 5737).
DE_NINGUEM = ("192.0.2.1", 7003)


# ANCHOR: main
def main() -> None:
    ouvinte = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    print(f"socket          {mostrar(ouvinte.getsockname())}")
    ouvinte.bind(LOOPBACK)
    endereco = ouvinte.getsockname()
    print(f"bind na porta 0 {mostrar(endereco)}")
    ouvinte.listen(1)

    cliente = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    cliente.connect(endereco)
    print(f"connect         {mostrar(cliente.getsockname())}")

    print(f"bind no mesmo   {tentar(endereco)}")
    print(f"bind no alheio  {tentar(DE_NINGUEM)}")
    cliente.close()
    ouvinte.close()


# ANCHOR_END: main


def tentar(endereco: tuple[str, int]) -> str:
    """Cria um socket e tenta associar a ele este endereço."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tentativa:
        try:
            tentativa.bind(endereco)
        except OSError as erro:
            texto = os.strerror(erro.errno)
            motivo = em_portugues(erro)
            return f"{motivo} ({texto} (os error {erro.errno}))"
        return "associado"


def em_portugues(erro: OSError) -> str:
    return {
        errno.EADDRINUSE: "alguém já está ali",
        errno.EADDRNOTAVAIL: "esta máquina não tem o endereço",
    }.get(erro.errno, "não deu")


def mostrar(endereco: tuple[str, int]) -> str:
    return f"{endereco[0]}:{endereco[1]}"


if __name__ == "__main__":
    main()
