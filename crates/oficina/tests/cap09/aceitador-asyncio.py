# aceitador
import asyncio
import random
import sys

PRAZO = 1.0


async def main():
    endereco = sys.argv[1]
    cliente = Cliente(endereco)
    for pedido in sys.argv[2:]:
        try:
            print(await cliente.pedir(pedido), flush=True)
        except (OSError, EOFError, asyncio.TimeoutError) as erro:
            print(repr(erro), file=sys.stderr)
            return estado(erro)
    return 0


class Cliente:
    def __init__(self, endereco):
        self.host, _, self.porta = endereco.rpartition(":")
        self.leitor = self.escritor = None
        self.ultimo = None

    async def pedir(self, pedido):
        self.ultimo = None
        try:
            return await asyncio.wait_for(self.insistir(pedido), PRAZO)
        except asyncio.TimeoutError:
            raise self.ultimo or TimeoutError("tempo esgotado") from None

    async def insistir(self, pedido):
        espera = 0.05
        while True:
            try:
                self.ultimo = None
                return await self.tentar(pedido)
            except (OSError, EOFError) as erro:
                self.leitor = None
                if estado(erro) != 3 and not pedido.startswith("LER "):
                    raise
                self.ultimo = erro
            await asyncio.sleep(random.uniform(espera / 2, espera))
            espera *= 2

    async def tentar(self, pedido):
        if self.leitor is None:
            self.leitor, self.escritor = await asyncio.open_connection(
                self.host, int(self.porta)
            )
        texto = pedido.encode()
        self.escritor.write(len(texto).to_bytes(2, "big"))
        self.escritor.write(texto)
        await self.escritor.drain()
        tamanho = int.from_bytes(await self.leitor.readexactly(2), "big")
        return (await self.leitor.readexactly(tamanho)).decode()


def estado(erro):
    if isinstance(erro, ConnectionRefusedError):
        return 3
    if isinstance(erro, (TimeoutError, asyncio.TimeoutError)):
        return 4
    if isinstance(erro, (EOFError, ConnectionResetError, BrokenPipeError)):
        return 5
    return 1


sys.exit(asyncio.run(main()))
