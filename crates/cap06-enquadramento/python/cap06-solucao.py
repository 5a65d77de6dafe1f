"""Exercício do capítulo 6, resolvido: a próxima mensagem.

python3 crates/cap06-enquadramento/python/cap06-solucao.py 127.0.0.1:7006
"""

# longo: a solução das cinco etapas é um arquivo só, como o do leitor.

import socket
import sys
from typing import BinaryIO

ENDERECO = "127.0.0.1:7006"
LIMITE = 1024


class LongaDemais(ValueError):
    """A mensagem passa do limite."""


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
            except (OSError, ValueError, EOFError) as erro:
                print(f"{par[0]}:{par[1]} caiu ({erro})", flush=True)


def atender(conexao: socket.socket) -> None:
    """Combina o formato e responde a cada mensagem, até o fim do fluxo."""
    with conexao, conexao.makefile("rb") as leitor:  # um só, até o fim
        formato = ler_linha(leitor)
        if formato not in (b"linhas", b"prefixo"):
            raise ValueError("formato desconhecido")
        ler = ler_linha if formato == b"linhas" else ler_com_prefixo
        conexao.sendall(b"pronto\n")
        try:
            while (mensagem := ler(leitor)) is not None:
                conexao.sendall(enquadrar(contar(mensagem), formato))
        except LongaDemais:
            recusa = "erro: mensagem longa demais"
            conexao.sendall(enquadrar(recusa, formato))
        except EOFError:
            recusa = "erro: mensagem incompleta"
            conexao.sendall(enquadrar(recusa, formato))


def ler_linha(leitor: BinaryIO) -> bytes | None:
    """Lê até o "\\n"; `None` se o fluxo acabou antes de um byte sequer."""
    linha = leitor.readline(LIMITE + 1)
    if not linha:
        return None
    if linha.endswith(b"\n"):
        return linha[:-1]
    if len(linha) > LIMITE:
        raise LongaDemais
    raise EOFError


def ler_com_prefixo(leitor: BinaryIO) -> bytes | None:
    """Lê o tamanho, compara com o limite e só então lê o texto."""
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


def contar(mensagem: bytes) -> str:
    """Só a mensagem inteira vira texto: no meio pode haver meio caractere."""
    texto = mensagem.decode()
    return f"{len(texto)} {texto}"


def enquadrar(texto: str, formato: bytes) -> bytes:
    """Põe a resposta no formato combinado."""
    corpo = texto.encode()
    if formato == b"linhas":
        return corpo + b"\n"
    return len(corpo).to_bytes(2, "big") + corpo


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7006" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
