# aceitador
import asyncio
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


async def atender():
    laco = asyncio.get_running_loop()
    meu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    meu.setblocking(False)
    meu.bind((host, int(porta)))
    buffer = bytearray(2000)
    while True:
        lidos, de = await laco.sock_recvfrom_into(meu, buffer)
        resposta = buffer[:lidos] if lidos <= 1200 else b"longo demais"
        await laco.sock_sendto(meu, resposta, de)


def ecoar():
    asyncio.run(atender())


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
