"""Valores, funções e laços: o vocabulário dos programas deste livro.

python3 crates/rust-minimo/python/minimo-valores.py
"""

PORTA = 7005


# ANCHOR: main
def main() -> None:
    host = "127.0.0.1"
    tentativas = 0
    while tentativas < 2:
        tentativas += 1
    print(f"{tentativas} tentativas em {host}:{PORTA}")

    for indice, byte in enumerate([0x6F, 0x6C, 0xC3]):
        print(f"byte {indice}: {byte:02x}")
    print(descrever(9))
# ANCHOR_END: main


# ANCHOR: descrever
def descrever(lidos: int) -> str:
    fim = lidos == 0
    if fim:
        return "fim do fluxo"
    return f"vieram {lidos} bytes"
# ANCHOR_END: descrever


if __name__ == "__main__":
    main()
