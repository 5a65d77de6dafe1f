"""Quatro formas de marcar, em um fluxo de bytes, onde uma mensagem acaba.

Cada leitor devolve a próxima mensagem, `None` se o fluxo acabou entre duas
mensagens, ou levanta um erro se ele acabou no meio de uma.
"""

from typing import BinaryIO

LIMITE = 1024
TAMANHO_FIXO = 10


# ANCHOR: ler_linha
def ler_linha(leitor: BinaryIO) -> bytes | None:
    """Delimitador: a mensagem acaba no primeiro "\\n", que não é dela."""
    linha = leitor.readline(LIMITE + 1)  # a mensagem e o "\n"
    if not linha:
        return None
    if linha.endswith(b"\n"):
        return linha[:-1]
    if len(linha) > LIMITE:
        raise ValueError("mensagem longa demais")
    raise EOFError("o fluxo acabou em meia mensagem")


# ANCHOR_END: ler_linha


# ANCHOR: ler_com_prefixo
def ler_com_prefixo(leitor: BinaryIO) -> bytes | None:
    """Prefixo: dois bytes dizem quantos bytes vêm depois."""
    prefixo = leitor.read(2)
    if not prefixo:
        return None  # o fim veio entre duas mensagens
    if len(prefixo) < 2:
        raise EOFError("o fluxo acabou em meia mensagem")
    tamanho = int.from_bytes(prefixo, "big")
    if tamanho > LIMITE:
        raise ValueError("mensagem longa demais")
    mensagem = leitor.read(tamanho)
    if len(mensagem) < tamanho:
        raise EOFError("o fluxo acabou em meia mensagem")
    return mensagem


# ANCHOR_END: ler_com_prefixo


def ler_fixa(leitor: BinaryIO) -> bytes | None:
    """Tamanho fixo: dez bytes, completados com espaços à direita."""
    mensagem = leitor.read(TAMANHO_FIXO)
    if not mensagem:
        return None
    if len(mensagem) < TAMANHO_FIXO:
        raise EOFError("o fluxo acabou em meia mensagem")
    return mensagem.rstrip(b" ")


def ler_ate_o_fim(leitor: BinaryIO) -> bytes | None:
    """Fim da conexão: a mensagem é tudo o que vier até o fim do fluxo."""
    mensagem = leitor.read(LIMITE + 1)
    if len(mensagem) > LIMITE:
        raise ValueError("mensagem longa demais")
    return mensagem or None
