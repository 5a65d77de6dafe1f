# aceitador
import random
import select
import socket
import sys
import time


def perguntar(servidor, linha):
    """Um socket novo por pergunta, e um número sorteado."""
    numero = str(random.randrange(10**9)).encode()
    fim = time.monotonic() + 1.0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as meu:
        meu.sendto(numero + b" " + linha, servidor)
        while (resta := fim - time.monotonic()) > 0:
            if not select.select([meu], [], [], resta)[0]:
                break
            chegou, de = meu.recvfrom(1 << 16)
            if de == servidor and chegou.startswith(numero + b" "):
                return chegou[len(numero) + 1 :]
    return b"sem resposta"


def ecoar():
    """Um buffer do maior datagrama, e o tamanho comparado depois."""
    meu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    meu.bind((host, int(porta)))
    while True:
        dados, de = meu.recvfrom(1 << 16)
        meu.sendto(dados if len(dados) <= 1200 else b"longo demais", de)


host, _, porta = sys.argv[1].rpartition(":")
if len(sys.argv) > 2:
    ecoar()
for linha in sys.stdin.buffer:
    linha = linha.rstrip(b"\n")
    if len(linha) > 1200:
        resposta = b"longa demais"
    else:
        resposta = perguntar((host, int(porta)), linha)
    sys.stdout.buffer.write(resposta + b"\n")
    sys.stdout.buffer.flush()
