# aceitador
import asyncio
import sys


async def main() -> None:
    host, _, porta = sys.argv[1].rpartition(":")
    servidor = await asyncio.start_server(ecoar, host, int(porta))
    async with servidor:
        await servidor.serve_forever()


async def ecoar(
    leitor: asyncio.StreamReader, escritor: asyncio.StreamWriter
) -> None:
    try:
        while dados := await leitor.read(65536):
            escritor.write(dados)
            await escritor.drain()
    except OSError as erro:
        print(erro, flush=True)
    escritor.close()


asyncio.run(main())
