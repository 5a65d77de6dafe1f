"""O erro é uma exceção: quem não a trata termina o programa.

python3 crates/rust-minimo/python/minimo-erros.py 7005
"""

import sys

PORTA = "7005"
MENOR_PORTA = 1024


# ANCHOR: main
def main() -> None:
    texto = sys.argv[1] if len(sys.argv) > 1 else PORTA
    try:
        print(f"a porta é {ler_porta(texto)}")
    except ValueError as erro:
        print(f"não deu: {erro}")
    porta = ler_porta(texto)
    print(f"a seguinte é {porta + 1}")
# ANCHOR_END: main


# ANCHOR: ler_porta
def ler_porta(texto: str) -> int:
    try:
        porta = int(texto)
    except ValueError as erro:
        raise ValueError(f"“{texto}” não é uma porta ({erro})") from erro
    if porta < MENOR_PORTA:
        raise ValueError(f"a porta {porta} pede privilégio")
    return porta
# ANCHOR_END: ler_porta


if __name__ == "__main__":
    try:
        main()
    except ValueError as erro:
        sys.exit(f"Error: {erro}")
