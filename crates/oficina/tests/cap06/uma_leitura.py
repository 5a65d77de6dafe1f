# mutante: etapa=coladas codigo=M01
"""Toma cada `recv` por uma mensagem."""

import socket
import sys

LIMITE = 1024


class LongaDemais(Exception):
    pass


def main():
    host, _, porta = sys.argv[1].rpartition(":")
    with socket.create_server((host, int(porta))) as ouvinte:
        while True:
            conexao, _ = ouvinte.accept()
            try:
                atender(conexao)
            except OSError:
                pass


def atender(conexao):
    guardados = bytearray()
    with conexao:
        formato = ler_linha(conexao, guardados)
        ler = ler_com_prefixo if formato == b"prefixo" else ler_linha
        conexao.sendall(b"pronto\n")
        try:
            while (mensagem := ler(conexao, guardados)) is not None:
                responder(conexao, formato, contar(mensagem))
        except LongaDemais:
            responder(conexao, formato, "erro: mensagem longa demais")
        except EOFError:
            responder(conexao, formato, "erro: mensagem incompleta")


def ler_linha(conexao, guardados):
    chegados = conexao.recv(4096)
    return chegados.removesuffix(b"\n") if chegados else None


def ler_com_prefixo(conexao, guardados):
    chegados = conexao.recv(4096)
    return chegados[2:] if chegados else None


def contar(mensagem):
    texto = mensagem.decode()
    return f"{len(texto)} {texto}"


def responder(conexao, formato, texto):
    corpo = texto.encode()
    if formato == b"prefixo":
        conexao.sendall(len(corpo).to_bytes(2, "big") + corpo)
    else:
        conexao.sendall(corpo + b"\n")


main()
