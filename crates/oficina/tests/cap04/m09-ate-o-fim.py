# mutante: etapa=aberta codigo=M09
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
    tudo = b""
    while pedaco := conexao.recv(4096):  # até o servidor encerrar
        tudo += pedaco
    linha, fim, recado = tudo.partition(b"\n")
    if not fim or len(recado) < int(linha):
        raise EOFError("cortado")
    return recado


main()
