# aceitador
import asyncio
import sys
from collections import deque

FILA = deque()


async def atender(leitor, escritor):
    try:
        linha = await leitor.readline()
        if linha == b"DEIXA\n":
            recado = await leitor.read()
            FILA.append(recado)
            escritor.write(f"GUARDEI {len(recado)}\n".encode())
        elif linha == b"PEGA\n" and not FILA:
            escritor.write(b"VAZIO\n")
        elif linha == b"PEGA\n":
            recado = FILA[0]
            escritor.write(f"{len(recado)}\n".encode() + recado)
            await escritor.drain()
            if await leitor.readline() == b"OK\n":
                FILA.popleft()
        else:
            escritor.write(b"NAO ENTENDI\n")
        escritor.write_eof()
        while await leitor.read(4096):
            pass
    except OSError as erro:
        print(erro)
    finally:
        escritor.close()


async def main():
    host, _, porta = sys.argv[1].rpartition(":")
    servidor = await asyncio.start_server(atender, host, int(porta))
    async with servidor:
        await servidor.serve_forever()


asyncio.run(main())
