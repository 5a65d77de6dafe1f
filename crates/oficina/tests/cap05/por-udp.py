# mutante: etapa=eco codigo=por-udp
import socket
import sys

host, _, porta = sys.argv[1].rpartition(":")
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ouvinte:
    ouvinte.bind((host, int(porta)))
    while True:
        dados, de = ouvinte.recvfrom(65536)
        ouvinte.sendto(dados, de)
