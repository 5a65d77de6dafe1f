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


def ler_tamanho(leitor):
    linha = leitor.readline()
    if not linha.endswith(b"\n"):
        raise EOFError("cortado na linha")
    return int(linha)


def ler_recado(leitor, tamanho):
    recado = b""
    while pedaco := leitor.read1():  # até o servidor encerrar
        sys.stdout.buffer.write(pedaco)
        sys.stdout.flush()
        recado += pedaco
    if len(recado) < tamanho:
        raise EOFError("cortado no recado")
    return b""


def pegar(endereco):
    conexao = conectar(endereco)
    conexao.sendall(b"PEGA\n")
    leitor = conexao.makefile("rb")
    tamanho = ler_tamanho(leitor)
    return ler_recado(leitor, tamanho)


main()
