# mutante: etapa=eco codigo=M05
import socket
import sys

host, _, porta = sys.argv[1].rpartition(":")
meu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
meu.bind((host, int(porta)))
buffer = bytearray(1201)
while True:
    lidos, de = meu.recvfrom_into(buffer)
    meu.sendto(b"longo demais" if lidos > 1200 else buffer, de)
