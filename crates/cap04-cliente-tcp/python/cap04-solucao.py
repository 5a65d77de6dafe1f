"""Exercício do capítulo 4, resolvido: um recado inteiro, ou o motivo.

python3 crates/cap04-cliente-tcp/python/cap04-solucao.py 127.0.0.1:7004
"""

import socket
import sys
from typing import BinaryIO

ENDERECO = "127.0.0.1:7004"
SILENCIO_MAXIMO = 1.0  # segundos
MAIOR_PEDACO = 65536  # bytes
LINHA_MAXIMA = 32  # um inteiro de 64 bits tem até 20 algarismos


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        recado = pegar(endereco)
    except (OSError, EOFError, ValueError) as erro:
        print(f"não peguei o recado ({erro})", file=sys.stderr)
        sys.exit(estado_de_saida(erro))
    sys.stdout.buffer.write(recado)


def pegar(endereco: str) -> bytes:
    """Conecta, pede e devolve o recado: os bytes dele, inteiros."""
    with socket.create_connection(separar(endereco)) as conexao:
        conexao.settimeout(SILENCIO_MAXIMO)
        conexao.sendall(b"PEGA\n")
        with conexao.makefile("rb") as leitor:
            tamanho = ler_tamanho(leitor)
            return ler_recado(leitor, tamanho)


def ler_tamanho(leitor: BinaryIO) -> int:
    """Lê a primeira linha; sem o fim de linha, ela foi cortada."""
    linha = leitor.readline(LINHA_MAXIMA)
    if not linha.endswith(b"\n"):
        raise EOFError("o fluxo acabou na linha do tamanho")
    tamanho = int(linha)
    if tamanho < 0:
        raise ValueError("um tamanho não pode ser negativo")
    return tamanho


def ler_recado(leitor: BinaryIO, tamanho: int) -> bytes:
    """Lê `tamanho` bytes, nem um a mais; se o fim vem antes, é um erro."""
    recado = bytearray()
    while len(recado) < tamanho:
        pedaco = leitor.read(min(tamanho - len(recado), MAIOR_PEDACO))
        if not pedaco:
            raise EOFError("o fluxo acabou no meio do recado")
        recado += pedaco
    return bytes(recado)


def estado_de_saida(erro: Exception) -> int:
    """3 conexão recusada; 4 tempo esgotado; 5 recado cortado; 1 outro erro."""
    if isinstance(erro, ConnectionRefusedError):
        return 3
    if isinstance(erro, TimeoutError):
        return 4
    if isinstance(erro, (EOFError, ConnectionResetError)):
        return 5
    return 1


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7004" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
