# mutante: etapa=pedacos codigo=encerrou
"""Atende um cliente e termina."""

import socket
import sys

TAMANHOS = {b"M": 9, b"C": 9, b"L": 5}


def main():
    host, _, porta = sys.argv[1].rpartition(":")
    with socket.create_server((host, int(porta))) as ouvinte:
        conexao, _ = ouvinte.accept()
        try:
            atender(conexao)
        except OSError:
            pass


def atender(conexao):
    guardados, medidas = b"", []
    with conexao:
        while chegados := conexao.recv(100):
            guardados += chegados
            while (mensagem := inteira(guardados)) is not None:
                if mensagem == b"":
                    conexao.sendall(resposta(b"E", 1000, 0))
                    return
                if mensagem[:1] not in TAMANHOS:
                    return
                guardados = guardados[len(mensagem) :]
                tratar(conexao, medidas, mensagem)


def inteira(guardados):
    """A primeira mensagem; `None` se falta; vazia se o lote é demais."""
    tamanho = TAMANHOS.get(guardados[:1], 1)
    if len(guardados) < tamanho:
        return None
    if guardados[:1] == b"L":
        quantas = inteiro(guardados[1:5])
        if quantas > 1000:
            return b""
        tamanho += 8 * quantas
    return guardados[:tamanho] if len(guardados) >= tamanho else None


def tratar(conexao, medidas, mensagem):
    if mensagem[:1] == b"C":
        inicio, fim = inteiro(mensagem[1:5]), inteiro(mensagem[5:9])
        dentro = [t for (i, t) in medidas if inicio <= i <= fim]
        maior = max(dentro) if dentro else 0
        conexao.sendall(resposta(b"R", len(dentro), maior))
        return
    pares = mensagem[1:] if mensagem[:1] == b"M" else mensagem[5:]
    for onde in range(0, len(pares), 8):
        instante = inteiro(pares[onde : onde + 4])
        medidas.append((instante, inteiro(pares[onde + 4 : onde + 8], True)))


def inteiro(dados, sinal=False):
    return int.from_bytes(dados, "big", signed=sinal)


def resposta(tipo, primeiro, segundo):
    numeros = primeiro.to_bytes(4, "big")
    return tipo + numeros + segundo.to_bytes(4, "big", signed=True)


main()
