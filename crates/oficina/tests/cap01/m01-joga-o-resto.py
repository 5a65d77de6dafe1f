# mutante: etapa=coladas codigo=M01
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
        return f"{int(palavras[1]) + int(palavras[2])}\n", None
    if palavras[0] == "segredo":
        return None, palavras[1]
    raise ValueError(linha)


def consultar(conexao):
    while True:
        tudo = b""
        while b"\n" not in tudo:
            pedaco = conexao.recv(1024)
            if not pedaco:
                raise EOFError
            tudo += pedaco
        linha, _, _ = tudo.partition(b"\n")  # e o resto?
        resposta, segredo = responder(linha.decode())
        if segredo:
            return segredo
        conexao.sendall(resposta.encode())


main()
