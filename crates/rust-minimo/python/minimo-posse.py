"""De quem é o valor: em Python, quem fecha é o with, ou você.

python3 crates/rust-minimo/python/minimo-posse.py
"""


# ANCHOR: conexao
class Conexao:
    def __init__(self, nome: str) -> None:
        self.nome = nome

    def __enter__(self) -> "Conexao":
        return self

    def __exit__(self, *motivo: object) -> None:
        print(f"  fechou a de {self.nome}")
# ANCHOR_END: conexao


# ANCHOR: main
def main() -> None:
    nomes: list[str] = []
    anotar(nomes, "Ana")
    anotar(nomes, "Bia")
    print(f"{contar(nomes)} nomes: {nomes}".replace("'", '"'))

    with Conexao("Ana") as ana:
        atender(Conexao("Bia"))
        print(f"ainda tenho a de {ana.nome}")
# ANCHOR_END: main


# ANCHOR: funcoes
def anotar(nomes: list[str], nome: str) -> None:
    nomes.append(nome)


def contar(nomes: list[str]) -> int:
    return len(nomes)


def atender(conexao: Conexao) -> None:
    with conexao:
        print(f"atendo {conexao.nome}")
# ANCHOR_END: funcoes


if __name__ == "__main__":
    main()
