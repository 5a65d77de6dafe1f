"""Espera em uma conexão parada e pede ao kernel que vigie o outro lado.

python3 crates/cap09-prazos-e-erros/python/cap09-keepalive.py 127.0.0.1:7009
"""

import socket
import sys
import time

ENDERECO = "127.0.0.1:7009"
SILENCIO = 1  # segundos
INTERVALO = 1
PERGUNTAS = 3
PRAZO = 7.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        conexao = socket.create_connection(separar(endereco))
    except OSError as erro:
        sys.exit(f"não conectei a {endereco} ({erro})")
    mostrar_padrao(conexao)
    vigiar(conexao)
    conexao.settimeout(PRAZO)
    print("conectado, e calado", flush=True)
    inicio = time.monotonic()
    try:
        fim = "chegou um byte" if conexao.recv(1) else "o outro lado encerrou"
    except OSError as erro:
        fim = str(erro)
    print(f"depois de {int(time.monotonic() - inicio)} s: {fim}")


def mostrar_padrao(conexao: socket.socket) -> None:
    """O que o sistema faria por esta conexão se ninguém pedisse nada."""
    ligado = conexao.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    print(f"o padrão: {'ligado' if ligado else 'desligado'}")
    for nome in ["TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT"]:
        opcao = getattr(socket, nome)
        valor = conexao.getsockopt(socket.IPPROTO_TCP, opcao)
        print(f"  {nome:<13} = {valor}", flush=True)


# ANCHOR: vigiar
def vigiar(conexao: socket.socket) -> None:
    """Depois de `SILENCIO`, até `PERGUNTAS` perguntas, uma a cada `INTERVALO`."""
    conexao.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    tcp = socket.IPPROTO_TCP
    conexao.setsockopt(tcp, socket.TCP_KEEPIDLE, SILENCIO)
    conexao.setsockopt(tcp, socket.TCP_KEEPINTVL, INTERVALO)
    conexao.setsockopt(tcp, socket.TCP_KEEPCNT, PERGUNTAS)
# ANCHOR_END: vigiar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7009" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
