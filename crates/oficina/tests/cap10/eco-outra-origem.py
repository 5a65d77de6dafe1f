# mutante: etapa=eco codigo=outra-origem
import socket
import sys

host, _, porta = sys.argv[1].rpartition(":")
meu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
meu.bind((host, int(porta)))
while True:
    dados, de = meu.recvfrom(1201)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outro:
        outro.sendto(b"longo demais" if len(dados) > 1200 else dados, de)
