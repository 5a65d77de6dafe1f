"""Visor: mostra os bytes de cada medida, campo por campo, e o que dizem.

python3 crates/cap07-ordem-dos-bytes/python/cap07-visor.py 127.0.0.1:7007
"""

import socket
import sys

from cap07_ordem_dos_bytes import TAMANHO, Medida

ENDERECO = "127.0.0.1:7007"
PRAZO = 5.0
# Sensor em azul, instante em laranja, temperatura em verde.
CORES = ["34", "33", "32"]


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        conexao = socket.create_connection(separar(endereco), timeout=PRAZO)
    except OSError as erro:
        sys.exit(f"não consegui conectar a {endereco} ({erro})")
    with conexao:
        receber_medidas(conexao)


# ANCHOR: receber_medidas
def receber_medidas(conexao: socket.socket) -> None:
    """Lê nove bytes de cada vez, até o fim do fluxo entre duas medidas."""
    with conexao.makefile("rb") as leitor:
        while dados := leitor.read(TAMANHO):
            if len(dados) < TAMANHO:
                sys.exit("a última medida não veio inteira")
            sensor, instante, centesimos = Medida.decodificar(dados)
            graus = em_graus(centesimos)
            print(em_hexadecimal(dados))
            print(f"sensor {sensor}, instante {instante}, {graus} °C")


# ANCHOR_END: receber_medidas


def em_hexadecimal(dados: bytes) -> str:
    """Os bytes em hexadecimal, um campo de cada cor em um terminal."""
    pintados = []
    for campo, cor in zip([dados[:1], dados[1:5], dados[5:]], CORES):
        if sys.stdout.isatty():
            pintados.append(f"\x1b[{cor}m{campo.hex(' ')}\x1b[0m")
        else:
            pintados.append(campo.hex(" "))
    return " | ".join(pintados)


def em_graus(centesimos: int) -> str:
    """Centésimos de grau em graus, com vírgula."""
    return f"{centesimos / 100:.2f}".replace(".", ",")


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7007" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
