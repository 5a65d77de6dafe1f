# mutante: etapa=eco codigo=por-tcp
import socket
import sys

host, _, porta = sys.argv[1].rpartition(":")
ouvinte = socket.create_server((host, int(porta)))
while True:
    conexao, _ = ouvinte.accept()
    with conexao:
        while dados := conexao.recv(1200):
            conexao.sendall(dados)
