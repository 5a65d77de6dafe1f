"""Texto e bytes não são a mesma coisa.

python3 crates/rust-minimo/python/minimo-texto.py
"""


# ANCHOR: main
def main() -> None:
    palavra = "coração"
    octetos = palavra.encode()
    print(f"{len(palavra)} letras, {len(octetos)} bytes")
    print(octetos.hex(" "))

    mostrar(octetos[:4])  # c o r a
    mostrar(octetos[:5])  # c o r a e a metade do ç
# ANCHOR_END: main


# ANCHOR: mostrar
def mostrar(octetos: bytes) -> None:
    try:
        print(f"é texto: {octetos.decode()}")
    except UnicodeDecodeError as erro:
        print(f"não é: {erro}")
# ANCHOR_END: mostrar


if __name__ == "__main__":
    main()
