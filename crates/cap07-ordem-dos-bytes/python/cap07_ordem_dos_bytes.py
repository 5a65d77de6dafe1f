"""A medida da estação: nove bytes na rede, três números no programa."""

import struct
from typing import NamedTuple

# ANCHOR: campos
# ">": o byte que vale mais primeiro; B: u8; I: u32; i: i32.
CAMPOS = struct.Struct(">BIi")
# ANCHOR_END: campos
TAMANHO = CAMPOS.size


# ANCHOR: medida
class Medida(NamedTuple):
    """O que um sensor mediu, e quando."""

    sensor: int
    instante: int  # segundos desde o início de 1970
    centesimos: int  # de grau Celsius

    def codificar(self) -> bytes:
        """Escreve os três campos na ordem da rede."""
        return CAMPOS.pack(self.sensor, self.instante, self.centesimos)

    @classmethod
    def decodificar(cls, dados: bytes) -> "Medida":
        """Lê os três campos de volta; quaisquer nove bytes formam uma."""
        return cls(*CAMPOS.unpack(dados))


# ANCHOR_END: medida
