# aceitador
import asyncio
import socket
import sys


async def main():
    for argumento in sys.argv[1:]:
        porta = argumento.rpartition(":")[2]
        if ":" not in argumento or not porta.isdigit() or int(porta) > 65535:
            print("argumento torto:", argumento, file=sys.stderr)
            return 2
    for argumento in sys.argv[1:]:
        if await percorrer(argumento):
            return 0
    return 1


async def percorrer(argumento):
    host, _, porta = argumento.rpartition(":")
    laco = asyncio.get_running_loop()
    try:
        achados = await laco.getaddrinfo(
            host.strip("[]"), int(porta), type=socket.SOCK_STREAM
        )
    except socket.gaierror:
        print(argumento, "sem endereço")
        return False
    for *_, (ip, numero, *_) in achados:
        palavra = await experimentar(ip, numero)
        escrito = f"[{ip}]" if ":" in ip else ip
        print(f"{escrito}:{numero} {palavra}")
        if palavra == "conectou":
            return True
    return False


async def experimentar(ip, porta):
    try:
        abrir = asyncio.open_connection(ip, porta)
        leitor, escritor = await asyncio.wait_for(abrir, 1)
    except (asyncio.TimeoutError, TimeoutError):
        return "tempo esgotado"
    except ConnectionRefusedError:
        return "recusada"
    except OSError:
        return "falhou"
    try:
        linha = await asyncio.wait_for(leitor.readuntil(b"\n"), 1)
        escritor.write(linha)
        await escritor.drain()
        return "conectou"
    except (asyncio.TimeoutError, asyncio.IncompleteReadError, OSError):
        return "não saudou"
    finally:
        escritor.close()


sys.exit(asyncio.run(main()))
