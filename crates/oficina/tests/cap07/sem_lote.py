# mutante: etapa=lotes codigo=fechou-cedo
"""Ainda não conhece o lote."""

import socket
import struct
import sys

LIMITE = 1000


def main():
    host, _, porta = sys.argv[1].rpartition(":")
    with socket.create_server((host, int(porta))) as ouvinte:
        while True:
            conexao, _ = ouvinte.accept()
            try:
                atender(conexao)
            except (OSError, EOFError):
                pass


def atender(conexao):
    medidas = []
    with conexao, conexao.makefile("rb") as leitor:
        while tipo := leitor.read(1):
            if tipo == b"M":
                medidas.append(ler(leitor, ">Ii"))
            elif tipo == b"C":
                inicio, fim = ler(leitor, ">II")
                conexao.sendall(consultar(medidas, inicio, fim))
            else:
                return


def ler(leitor, formato):
    tamanho = struct.calcsize(formato)
    dados = leitor.read(tamanho)
    if len(dados) < tamanho:
        raise EOFError
    return struct.unpack(formato, dados)


def consultar(medidas, inicio, fim):
    dentro = [t for (i, t) in medidas if inicio <= i <= fim]
    return struct.pack(">cIi", b"R", len(dentro), max(dentro, default=0))


main()
