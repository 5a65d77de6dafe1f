"""As portas que o sistema escolhe, e as que ele guarda para si.

python3 crates/cap02-enderecos-e-nomes/python/cap02-portas.py
"""

import socket

PORTA_LIVRE = ("127.0.0.1", 0)
PORTA_CONHECIDA = ("127.0.0.1", 80)


# ANCHOR: main
def main() -> None:
    um = socket.create_server(PORTA_LIVRE)
    outro = socket.create_server(PORTA_LIVRE)
    print(f"pedi a porta 0 e ganhei {escrito(um.getsockname())}")
    print(f"pedi de novo, e ganhei  {escrito(outro.getsockname())}")

    cliente = socket.create_connection(um.getsockname())
    print(f"o cliente saiu por      {escrito(cliente.getsockname())}")

    try:
        socket.create_server(um.getsockname())
        print("a mesma porta, duas vezes: deu certo")
    except OSError as erro:
        print(f"a mesma porta, duas vezes: {erro}")
    try:
        socket.create_server(PORTA_CONHECIDA)
        print("a porta 80: deu certo")
    except OSError as erro:
        print(f"a porta 80: {erro}")


# ANCHOR_END: main


def escrito(par: tuple[str, int]) -> str:
    """Escreve um endereço como o Rust: host, dois-pontos, porta."""
    return f"{par[0]}:{par[1]}"


if __name__ == "__main__":
    main()
