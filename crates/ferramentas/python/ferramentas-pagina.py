"""Servidor de uma página, para se olhar com as ferramentas: responde a um
pedido de HTTP/1.0 por conexão.

python3 crates/ferramentas/python/ferramentas-pagina.py 127.0.0.1:7080
"""

import socket
import sys

ENDERECO = "127.0.0.1:7080"
PAGINA = b"Um socket entrega bytes.\n"
MAIOR_PEDIDO = 8192
SILENCIO_MAXIMO = 60.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    host, _, porta = endereco.rpartition(":")
    try:
        ouvinte = socket.create_server((host, int(porta)))
    except OSError as erro:
        sys.exit(f"não consegui escutar em {endereco} ({erro})")
    with ouvinte:
        host, porta = ouvinte.getsockname()
        print(f"escutando em {host}:{porta}", flush=True)
        while True:
            try:
                conexao, _ = ouvinte.accept()
                with conexao:
                    print(f"atendi “{atender(conexao)}”", flush=True)
            except (OSError, EOFError, UnicodeDecodeError) as erro:
                print(f"não atendi ({erro})", flush=True)


def atender(conexao: socket.socket) -> str:
    """Lê o pedido até a linha vazia, responde e devolve a primeira linha."""
    conexao.settimeout(SILENCIO_MAXIMO)
    pedido = ler_pedido(conexao)
    cabecalho = f"HTTP/1.0 200 OK\r\nContent-Length: {len(PAGINA)}\r\n\r\n"
    conexao.sendall(cabecalho.encode() + PAGINA)
    return pedido


def ler_pedido(conexao: socket.socket) -> str:
    resta = MAIOR_PEDIDO
    linhas: list[str] = []
    with conexao.makefile("rb") as leitor:
        while linha := leitor.readline(resta):
            resta -= len(linha)
            texto = linha.decode().rstrip("\r\n")
            if linhas and not texto:
                return linhas[0]
            linhas.append(texto)
    raise EOFError("o pedido acabou antes da linha vazia")


if __name__ == "__main__":
    main()
