# aceitador
import select
import socket
import sys


def main():
    try:
        recado = pegar(sys.argv[1])
    except (OSError, EOFError, ValueError) as erro:
        print(erro, file=sys.stderr)
        sys.exit(estado(erro))
    sys.stdout.buffer.write(recado)


def estado(erro):
    if isinstance(erro, ConnectionRefusedError):
        return 3
    if isinstance(erro, TimeoutError):
        return 4
    if isinstance(erro, (EOFError, ConnectionResetError)):
        return 5
    return 1


def conectar(endereco):
    host, _, porta = endereco.rpartition(":")
    return socket.create_connection((host, int(porta)), timeout=1.0)


def pegar(endereco):
    conexao = conectar(endereco)
    conexao.sendall(b"PEGA\n")
    conexao.setblocking(False)
    tudo = b""
    while b"\n" not in tudo or len(tudo) < total(tudo):
        prontos, _, _ = select.select([conexao], [], [], 1.0)
        if not prontos:
            raise TimeoutError("tempo esgotado")
        pedaco = conexao.recv(4096)
        if not pedaco:
            raise EOFError("cortado")
        tudo += pedaco
    return tudo[tudo.index(b"\n") + 1 : total(tudo)]


def total(tudo):
    linha = tudo[: tudo.index(b"\n") + 1]
    return len(linha) + int(linha)


main()
