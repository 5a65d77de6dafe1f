"""Servidor de páginas: responde a um GET por conexão, em HTTP/1.0.

python3 crates/cap04-cliente-tcp/python/cap04-servidor.py 127.0.0.1:7004

Ele sabe se comportar e sabe se comportar mal: `/` responde direito,
`/fatias` aos poucos, `/aberta` sem encerrar, `/cortada` pela metade,
e `/muda` não responde.
"""

# longo: são cinco páginas, cada uma com o seu mau comportamento.

import socket
import sys
import time
from typing import BinaryIO

ENDERECO = "127.0.0.1:7004"
PAGINA = "Um socket entrega bytes, na ordem em que saíram.\n"
TAMANHO_DA_FATIA = 24
PAUSA_ENTRE_FATIAS = 0.150  # segundos
PACIENCIA = 10.0  # segundos


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        print("escutando em %s:%d" % ouvinte.getsockname()[:2], flush=True)
        while True:
            conexao, _ = ouvinte.accept()
            try:
                atender(conexao)
            except (OSError, EOFError) as erro:
                print(f"uma conexão terminou com erro: {erro}", file=sys.stderr)


def atender(conexao: socket.socket) -> None:
    """Lê o pedido inteiro, responde e encerra."""
    conexao.settimeout(PACIENCIA)
    with conexao, conexao.makefile("rb") as leitor:
        caminho = ler_pedido(leitor)
        print(f"GET {caminho}", flush=True)
        responder(conexao, caminho)
        if caminho in ("/aberta", "/muda"):
            while leitor.read1():  # até o cliente desistir
                pass


def ler_pedido(leitor: BinaryIO) -> str:
    """Lê até a linha vazia que termina o pedido e devolve o caminho pedido."""
    pedido = leitor.readline()
    for linha in leitor:
        if linha in (b"\r\n", b"\n"):
            partes = pedido.decode("utf-8", "replace").split(" ")
            return partes[1] if len(partes) > 1 else "/"
    raise EOFError("o pedido acabou no meio")


def responder(conexao: socket.socket, caminho: str) -> None:
    """Envia a resposta do jeito que o caminho pede."""
    resposta = montar_resposta("200 OK", PAGINA)
    if caminho in ("/", "/aberta"):
        conexao.sendall(resposta)
    elif caminho == "/fatias":
        enviar_em_fatias(conexao, resposta)
    elif caminho == "/cortada":
        conexao.sendall(resposta[:-20])
    elif caminho != "/muda":
        conexao.sendall(montar_resposta("404 Not Found", ""))


def montar_resposta(estado: str, corpo: str) -> bytes:
    """Linha de estado, um cabeçalho, linha vazia, corpo (RFC 1945, §6)."""
    corpo = corpo.encode()
    tamanho = len(corpo)
    cabecalho = f"HTTP/1.0 {estado}\r\nContent-Length: {tamanho}\r\n\r\n"
    return cabecalho.encode() + corpo


def enviar_em_fatias(conexao: socket.socket, tudo: bytes) -> None:
    """Envia aos poucos, como uma rede lenta entregaria."""
    conexao.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for inicio in range(0, len(tudo), TAMANHO_DA_FATIA):
        conexao.sendall(tudo[inicio : inicio + TAMANHO_DA_FATIA])
        time.sleep(PAUSA_ENTRE_FATIAS)


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7004" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
