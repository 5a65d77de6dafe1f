# mutante: etapa=eco codigo=encerrou
import socket
import sys

host, _, porta = sys.argv[1].rpartition(":")
with socket.create_server((host, int(porta))) as ouvinte:
    conexao, _ = ouvinte.accept()
with conexao:
    while dados := conexao.recv(4096):
        conexao.sendall(dados)
