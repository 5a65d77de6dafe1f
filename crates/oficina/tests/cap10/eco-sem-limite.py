# mutante: etapa=eco codigo=diferente
import socket
import sys

host, _, porta = sys.argv[1].rpartition(":")
meu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
meu.bind((host, int(porta)))
while True:
    dados, de = meu.recvfrom(65_536)
    meu.sendto(dados, de)
