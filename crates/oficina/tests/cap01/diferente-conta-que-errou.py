# mutante: etapa=sem_segredo codigo=diferente
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
    print("o oráculo disse", linha.strip())
    sys.exit(1)


def consultar(conexao):
    leitor = conexao.makefile("rb")
    while True:
        linha = leitor.readline().decode()
        if not linha.endswith("\n"):
            raise EOFError
        resposta, segredo = responder(linha)
        if segredo:
            return segredo
        conexao.sendall(resposta.encode())


main()
