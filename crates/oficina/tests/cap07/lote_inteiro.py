# mutante: etapa=lotes codigo=M02
"""Lê os pares de um lote com uma leitura só."""

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
            elif tipo == b"L":
                (quantas,) = ler(leitor, ">I")
                if quantas > LIMITE:
                    conexao.sendall(struct.pack(">cIi", b"E", LIMITE, 0))
                    return
                dados = leitor.read1(8 * quantas) if quantas else b""
                inteiros = len(dados) // 8 * 8
                medidas += struct.iter_unpack(">Ii", dados[:inteiros])
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
