"""Cliente apressado: envia 10 MiB sem esperar o eco, e demora para ler.

python3 crates/cap05-servidor-tcp/python/cap05-rajada.py 127.0.0.1:7005
"""

import itertools
import socket
import sys
import threading
import time

ENDERECO = "127.0.0.1:7005"
BYTES = 10 * 1024 * 1024
BUFFER_DE_RECEPCAO = 65_536
DEMORA = 1.0
PRAZO = 10.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        conexao = socket.create_connection(separar(endereco), timeout=PRAZO)
    except OSError as erro:
        sys.exit(f"não consegui conectar a {endereco} ({erro})")
    conexao.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_DE_RECEPCAO)
    dados = bytes(itertools.islice(itertools.cycle(range(251)), BYTES))
    envio = threading.Thread(target=enviar, args=(conexao, dados))
    envio.start()
    eco = receber(conexao)
    envio.join()
    comparar(dados, eco)


def enviar(conexao: socket.socket, dados: bytes) -> None:
    """Envia tudo de uma vez e avisa que terminou de falar."""
    try:
        conexao.sendall(dados)
        conexao.shutdown(socket.SHUT_WR)
    except OSError:
        return  # Quem lê conta o que aconteceu.


def receber(conexao: socket.socket) -> bytes:
    """Demora a começar; depois lê até o fim do fluxo, ou até uma falha."""
    time.sleep(DEMORA)  # A lentidão é o que este cliente demonstra.
    eco = bytearray()
    try:
        while dados := conexao.recv(BUFFER_DE_RECEPCAO):
            eco += dados
    except OSError as erro:
        print(f"a leitura parou no meio ({erro})")
        conexao.close()
    return bytes(eco)


def comparar(dados: bytes, eco: bytes) -> None:
    """Diz se o eco é igual ao que foi enviado e, se não é, o que falta."""
    print(f"enviei {len(dados)} bytes")
    if eco == dados:
        print("voltaram todos, na mesma ordem")
    elif dados.startswith(eco):
        sys.exit(f"faltou o fim: voltaram só os primeiros {len(eco)} bytes")
    else:
        sys.exit(
            f"o meio veio falhado: voltaram cerca de {len(eco) >> 20} MiB"
        )


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7005" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
