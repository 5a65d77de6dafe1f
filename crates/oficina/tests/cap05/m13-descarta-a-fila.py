# mutante: etapa=meio_fechamento codigo=M13
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
            escritor.write(dados)  # guarda na fila o que não coube
    except OSError as erro:
        print(erro, flush=True)
    escritor.transport.abort()  # e a fila?


asyncio.run(main())
