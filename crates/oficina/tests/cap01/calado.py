# mutante: etapa=apresentacao codigo=calado
import socket
import sys
import time


def main():
    host, _, porta = sys.argv[1].rpartition(":")
    conexao = socket.create_connection((host, int(porta)))
    print(consultar(conexao), flush=True)


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
    leitor = conexao.makefile("rb")
    leitor.readline()
    time.sleep(3600)
    while True:
        linha = leitor.readline().decode()
        if not linha.endswith("\n"):
            raise EOFError(linha)
        resposta, segredo = responder(linha)
        if segredo:
            return segredo
        conexao.sendall(resposta.encode())


main()
