# mutante: etapa=fatias codigo=M03
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
    inicio = conexao.recv(256)  # supõe que a linha veio inteira
    if not inicio:
        raise EOFError("cortado na linha")
    linha, _, recado = inicio.partition(b"\n")
    tamanho = int(linha)
    while len(recado) < tamanho:
        pedaco = conexao.recv(tamanho - len(recado))
        if not pedaco:
            raise EOFError("cortado no recado")
        recado += pedaco
    return recado


main()
