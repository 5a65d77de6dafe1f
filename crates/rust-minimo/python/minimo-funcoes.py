"""Funções sem nome e threads.

python3 crates/rust-minimo/python/minimo-funcoes.py
"""

from concurrent.futures import ThreadPoolExecutor


# ANCHOR: main
def main() -> None:
    numeros = ["7", "sete", "77"]
    lidos = [int(texto) for texto in numeros if texto.isdecimal()]
    print(lidos)

    nome = "Ana"
    with ThreadPoolExecutor() as threads:
        outra = threads.submit(lambda: f"{nome} agora é desta thread")
        print(outra.result())
# ANCHOR_END: main


if __name__ == "__main__":
    main()
