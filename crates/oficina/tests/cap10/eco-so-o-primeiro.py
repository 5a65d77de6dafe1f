# mutante: etapa=eco codigo=remetente-errado
import socket
import sys

host, _, porta = sys.argv[1].rpartition(":")
meu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
meu.bind((host, int(porta)))
primeiro = None
while True:
    dados, de = meu.recvfrom(1201)
    primeiro = primeiro or de
    meu.sendto(b"longo demais" if len(dados) > 1200 else dados, primeiro)
