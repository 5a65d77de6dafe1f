# mutante: etapa=pedido codigo=pedido-incompleto
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
    conexao.sendall(b"PEGA")
    tudo = bytearray()
    while True:
        linha, fim, recado = bytes(tudo).partition(b"\n")
        if fim and len(recado) >= int(linha):
            return recado[: int(linha)]
        pedaco = conexao.recv(5)
        if not pedaco:
            raise EOFError("cortado")
        tudo += pedaco


main()
