"""O que pode faltar e o que pode ser uma coisa ou outra.

python3 crates/rust-minimo/python/minimo-escolhas.py
"""

from dataclasses import dataclass


# ANCHOR: pedido
@dataclass
class Guarda:
    chave: str
    valor: str


@dataclass
class Consulta:
    chave: str
# ANCHOR_END: pedido


# ANCHOR: main
def main() -> None:
    for linha in ["1 nome=Ana", "2 nome", "sem número"]:
        match entender(linha):
            case Guarda(chave, valor):
                print(f"guarda {valor} em {chave}")
            case Consulta(chave):
                print(f"consulta {chave}")
            case None:
                print(f"não é um pedido: {linha}")
# ANCHOR_END: main


# ANCHOR: entender
def entender(linha: str) -> Guarda | Consulta | None:
    numero, espaco, resto = linha.partition(" ")
    if not espaco or not numero.isdecimal():
        return None
    chave, igual, valor = resto.partition("=")
    if igual:
        return Guarda(chave, valor)
    return Consulta(chave)
# ANCHOR_END: entender


if __name__ == "__main__":
    main()
