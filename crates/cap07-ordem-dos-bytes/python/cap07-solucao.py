"""Exercício do capítulo 7, resolvido: a estação que responde.

python3 crates/cap07-ordem-dos-bytes/python/cap07-solucao.py 127.0.0.1:7007
"""

import socket
import struct
import sys
from typing import BinaryIO

ENDERECO = "127.0.0.1:7007"
LIMITE_DO_LOTE = 1000

# ">": o byte que vale mais primeiro; c: um byte; I: u32; i: i32.
MEDIDA = struct.Struct(">Ii")
INTERVALO = struct.Struct(">II")
QUANTIDADE = struct.Struct(">I")
RESPOSTA = struct.Struct(">cIi")


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        host, porta = ouvinte.getsockname()
        print(f"escutando em {host}:{porta}", flush=True)
        while True:
            try:
                conexao, par = ouvinte.accept()
            except ConnectionAbortedError:
                # Este cliente desistiu ainda na fila.
                continue
            try:
                atender(conexao)
            except (OSError, EOFError) as erro:
                print(f"{par[0]}:{par[1]} caiu ({erro})", flush=True)


def atender(conexao: socket.socket) -> None:
    """Trata uma mensagem de cada vez, até o fim do fluxo."""
    medidas: list[tuple[int, int]] = []
    with conexao, conexao.makefile("rb") as leitor:
        while tipo := leitor.read(1):
            if tipo == b"M":
                medidas.append(ler_medida(leitor))
            elif tipo == b"C":
                inicio, fim = INTERVALO.unpack(ler(leitor, INTERVALO.size))
                conexao.sendall(consultar(medidas, inicio, fim))
            elif tipo == b"L":
                dados = ler(leitor, QUANTIDADE.size)
                quantidade = QUANTIDADE.unpack(dados)[0]
                if quantidade > LIMITE_DO_LOTE:
                    conexao.sendall(RESPOSTA.pack(b"E", LIMITE_DO_LOTE, 0))
                    return
                for _ in range(quantidade):
                    medidas.append(ler_medida(leitor))
            else:
                raise EOFError(f"tipo desconhecido: {tipo!r}")


def ler(leitor: BinaryIO, quantos: int) -> bytes:
    """Lê exatamente tantos bytes, venham em quantos pedaços vierem."""
    dados = leitor.read(quantos)
    if len(dados) < quantos:
        raise EOFError("o fluxo acabou em meia mensagem")
    return dados


def ler_medida(leitor: BinaryIO) -> tuple[int, int]:
    """O instante e a temperatura."""
    instante, centesimos = MEDIDA.unpack(ler(leitor, MEDIDA.size))
    return instante, centesimos


def consultar(medidas: list[tuple[int, int]], inicio: int, fim: int) -> bytes:
    """Quantas medidas há no intervalo, e a maior temperatura entre elas."""
    do_intervalo = [t for (i, t) in medidas if inicio <= i <= fim]
    maior = max(do_intervalo, default=0)
    return RESPOSTA.pack(b"R", len(do_intervalo), maior)


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7007" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
