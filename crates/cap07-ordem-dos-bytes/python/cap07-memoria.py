"""Experiência: os bytes do mesmo número, na memória e na rede.

python3 crates/cap07-ordem-dos-bytes/python/cap07-memoria.py
"""

import struct
import sys


# ANCHOR: main
def main() -> None:
    numero = 1000
    nativa = numero.to_bytes(4, sys.byteorder)
    print(f"o número {numero}, que é 0x{numero:08x}")
    print(f"  little-endian: {hexa(numero.to_bytes(4, 'little'))}")
    print(f"  big-endian:    {hexa(numero.to_bytes(4, 'big'))}")
    print(f"  nesta máquina: {hexa(nativa)}")
    print(f"  em texto:      {hexa(str(numero).encode())}")

    trocado = int.from_bytes(numero.to_bytes(4, "big"), "little")
    print(f"escrito em uma ordem e lido na outra: {trocado}")

    negativo = (-325).to_bytes(4, "big", signed=True)
    print(f"o número -325: {hexa(negativo)}")
    print(f"lido como número sem sinal: {int.from_bytes(negativo, 'big')}")

    print(f"a letra ã em UTF-8: {hexa('ã'.encode())}")
    print(f"a letra ã em Latin-1: {hexa('ã'.encode('latin-1'))}")

    print(f"a struct ocupa na memória: {struct.calcsize('@BIi')} bytes")


# ANCHOR_END: main


def hexa(dados: bytes) -> str:
    """Os bytes em hexadecimal, como o Rust os mostra."""
    return f"[{dados.hex(' ').replace(' ', ', ')}]"


if __name__ == "__main__":
    main()
