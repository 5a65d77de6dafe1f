"""Cliente apressado: envia 10 MiB sem esperar o eco, e lê devagar.

python3 crates/cap05-servidor-tcp/python/cap05-rajada.py 127.0.0.1:7005
"""

import socket
import sys
import threading
import time

ENDERECO = "127.0.0.1:7005"
BYTES = 10 * 1024 * 1024
TAMANHO_DO_BUFFER = 65_536
DEMORA = 1.0
PRAZO = 5.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        conexao = socket.create_connection(separar(endereco), timeout=PRAZO)
    except OSError as erro:
        sys.exit(f"não consegui conectar a {endereco} ({erro})")
    dados = bytes(range(256)) * (BYTES // 256)
    with conexao:
        envio = threading.Thread(target=enviar, args=(conexao, dados))
        envio.start()
        eco = receber(conexao)
        envio.join()
    comparar(dados, eco)


# ANCHOR: enviar
def enviar(conexao: socket.socket, dados: bytes) -> None:
    """Envia tudo de uma vez e avisa que terminou de falar."""
    try:
        conexao.sendall(dados)
        conexao.shutdown(socket.SHUT_WR)
    except OSError:
        return  # Quem lê conta o que aconteceu.


# ANCHOR_END: enviar


def receber(conexao: socket.socket) -> bytes:
    """Lê até o fim do fluxo, ou até a conexão falhar; começa com atraso."""
    eco = bytearray()
    time.sleep(DEMORA)  # A lentidão é o que este cliente demonstra.
    try:
        while dados := conexao.recv(TAMANHO_DO_BUFFER):
            eco += dados
    except OSError as erro:
        print(f"a leitura parou no meio ({erro})")
        conexao.close()
    return bytes(eco)


def comparar(dados: bytes, eco: bytes) -> None:
    """Diz se o eco é igual ao que foi enviado."""
    print(f"enviei {len(dados)} bytes, voltaram {len(eco)}")
    if dados != eco:
        sys.exit("o eco não é igual ao que enviei")
    print("o eco é igual ao que enviei")


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7005" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
