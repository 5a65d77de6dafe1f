"""Cliente apressado: envia 10 MiB e só lê quando nada mais cabe no caminho.

python3 crates/cap05-servidor-tcp/python/cap05-rajada.py 127.0.0.1:7005
"""

import socket
import sys
import threading

ENDERECO = "127.0.0.1:7005"
BYTES = 10 * 1024 * 1024
TAMANHO_DO_BUFFER = 65_536
ESPERA = 0.5
PRAZO = 10.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        conexao = socket.create_connection(separar(endereco))
    except OSError as erro:
        sys.exit(f"não consegui conectar a {endereco} ({erro})")
    dados = bytes(range(256)) * (BYTES // 256)
    enviados = entupir(conexao, dados)
    conexao.settimeout(PRAZO)
    envio = threading.Thread(target=enviar, args=(conexao, dados[enviados:]))
    envio.start()
    eco = receber(conexao)
    envio.join()
    print(f"enviei {BYTES} bytes, voltaram {len(eco)}")
    if eco != dados:
        sys.exit("o eco não é igual ao que enviei")
    print("o eco é igual ao que enviei")


# ANCHOR: entupir
def entupir(conexao: socket.socket, dados: bytes) -> int:
    """Envia sem ler, até o caminho ficar `ESPERA` sem aceitar mais um byte."""
    conexao.settimeout(ESPERA)
    enviados = 0
    while enviados < len(dados):
        try:
            enviados += conexao.send(dados[enviados:])
        except TimeoutError:
            break
    return enviados


# ANCHOR_END: entupir


def enviar(conexao: socket.socket, resto: bytes) -> None:
    """Envia o que falta e avisa que terminou de falar."""
    try:
        conexao.sendall(resto)
        conexao.shutdown(socket.SHUT_WR)
    except OSError:
        return  # Quem lê conta o que aconteceu.


def receber(conexao: socket.socket) -> bytes:
    """Lê até o fim do fluxo, ou até a conexão falhar."""
    eco = bytearray()
    try:
        while dados := conexao.recv(TAMANHO_DO_BUFFER):
            eco += dados
    except OSError as erro:
        print(f"a leitura parou no meio ({erro})")
        conexao.shutdown(socket.SHUT_RDWR)
    return bytes(eco)


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7005" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
