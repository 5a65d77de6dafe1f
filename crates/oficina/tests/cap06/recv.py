# aceitador
"""Junta o que `recv` traz e retira de lá cada mensagem completa."""

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
        try:
            formato = ler_linha(conexao, guardados)
        except (LongaDemais, EOFError):
            return
        if formato not in (b"linhas", b"prefixo"):
            return
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
    while b"\n" not in guardados:
        if len(guardados) > LIMITE:
            raise LongaDemais
        if not receber(conexao, guardados):
            return None
    linha, _, resto = bytes(guardados).partition(b"\n")
    if len(linha) > LIMITE:
        raise LongaDemais
    guardados[:] = resto
    return linha


def ler_com_prefixo(conexao, guardados):
    while len(guardados) < 2:
        if not receber(conexao, guardados):
            return None
    fim = 2 + int.from_bytes(guardados[:2], "big")
    if fim - 2 > LIMITE:
        raise LongaDemais
    while len(guardados) < fim:
        if not receber(conexao, guardados):
            return None
    mensagem = bytes(guardados[2:fim])
    del guardados[:fim]
    return mensagem


def receber(conexao, guardados):
    """Falso se o fluxo acabou entre duas mensagens."""
    chegados = conexao.recv(4096)
    if not chegados and guardados:
        raise EOFError
    guardados += chegados
    return bool(chegados)


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
