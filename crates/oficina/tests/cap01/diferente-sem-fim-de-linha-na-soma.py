# mutante: etapa=soma codigo=diferente
import select
import socket
import sys


def main():
    host, _, porta = sys.argv[1].rpartition(":")
    conexao = socket.create_connection((host, int(porta)))
    print(consultar(conexao))


def responder(linha):
    palavras = linha.split()
    if palavras[0] == "oráculo:":
        return "sou Ana\n", None
    if palavras[0] == "some":
        return f"{int(palavras[1]) + int(palavras[2])}", None
    if palavras[0] == "segredo":
        return None, palavras[1]
    raise ValueError(linha)


def consultar(conexao):
    conexao.setblocking(False)
    tudo = b""
    while True:
        select.select([conexao], [], [])
        pedaco = conexao.recv(5)
        if not pedaco:
            raise EOFError
        tudo += pedaco
        while b"\n" in tudo:
            linha, _, tudo = tudo.partition(b"\n")
            resposta, segredo = responder(linha.decode())
            if segredo:
                return segredo
            conexao.sendall(resposta.encode())


main()
