# mutante: etapa=coladas codigo=encerrou
"""Atende um cliente e termina."""

import socket
import sys

LIMITE = 1024


class LongaDemais(Exception):
    pass


def main():
    host, _, porta = sys.argv[1].rpartition(":")
    with socket.create_server((host, int(porta))) as ouvinte:
        conexao, _ = ouvinte.accept()
        try:
            atender(conexao)
        except OSError:
            pass


def atender(conexao):
    with conexao, conexao.makefile("rb") as leitor:
        formato = ler_linha(leitor)
        ler = ler_com_prefixo if formato == b"prefixo" else ler_linha
        conexao.sendall(b"pronto\n")
        try:
            while (mensagem := ler(leitor)) is not None:
                responder(conexao, formato, contar(mensagem))
        except LongaDemais:
            responder(conexao, formato, "erro: mensagem longa demais")
        except EOFError:
            responder(conexao, formato, "erro: mensagem incompleta")


def ler_linha(leitor):
    linha = leitor.readline(LIMITE + 1)
    if not linha:
        return None
    if linha.endswith(b"\n"):
        return linha[:-1]
    if len(linha) > LIMITE:
        raise LongaDemais
    raise EOFError


def ler_com_prefixo(leitor):
    prefixo = leitor.read(2)
    if not prefixo:
        return None
    if len(prefixo) < 2:
        raise EOFError
    tamanho = int.from_bytes(prefixo, "big")
    if tamanho > LIMITE:
        raise LongaDemais
    mensagem = leitor.read(tamanho)
    if len(mensagem) < tamanho:
        raise EOFError
    return mensagem


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
