# mutante: etapa=cortadas codigo=M04
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
    tudo = ""
    while True:
        pedaco = conexao.recv(1024)
        if not pedaco:
            raise EOFError
        tudo += pedaco.decode(errors="replace")  # e se vier meia letra?
        while "\n" in tudo:
            linha, _, tudo = tudo.partition("\n")
            resposta, segredo = responder(linha)
            if segredo:
                return segredo
            conexao.sendall(resposta.encode())


main()
