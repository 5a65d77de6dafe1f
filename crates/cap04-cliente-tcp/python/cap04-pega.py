"""Pega uma página e diz, no estado de saída, o que aconteceu.

python3 crates/cap04-cliente-tcp/python/cap04-pega.py 127.0.0.1:7004 /

Estado de saída: 0 página inteira; 3 conexão recusada; 4 tempo esgotado;
5 resposta cortada; 1 qualquer outro erro.
"""

# longo: pedir, ler e dizer o motivo são a mesma história, contada inteira.

import socket
import sys
from typing import BinaryIO

ENDERECO = "127.0.0.1:7004"
PRAZO_DE_CONEXAO = 3.0  # segundos
SILENCIO_MAXIMO = 2.0  # segundos
MAIOR_PEDACO = 65536  # bytes


# ANCHOR: main
def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    caminho = sys.argv[2] if len(sys.argv) > 2 else "/"
    try:
        corpo = pegar(endereco, caminho)
    except (OSError, EOFError, ValueError) as erro:
        estado, situacao = explicar(erro)
        print(f"{situacao} ({erro})", file=sys.stderr)
        sys.exit(estado)
    sys.stdout.buffer.write(corpo)


# ANCHOR_END: main


# ANCHOR: pegar
def pegar(endereco: str, caminho: str) -> bytes:
    """Conecta, envia o pedido e devolve o corpo da resposta, inteiro."""
    with conectar(endereco) as conexao:
        conexao.settimeout(SILENCIO_MAXIMO)
        pedido = f"GET {caminho} HTTP/1.0\r\nHost: {endereco}\r\n\r\n"
        conexao.sendall(pedido.encode())
        with conexao.makefile("rb") as leitor:
            tamanho = ler_cabecalho(leitor)
            return ler_corpo(leitor, tamanho)


# ANCHOR_END: pegar


# ANCHOR: conectar
def conectar(endereco: str) -> socket.socket:
    """Tenta cada endereço do nome, na ordem, cada um com o seu prazo."""
    destino = separar(endereco)
    return socket.create_connection(destino, timeout=PRAZO_DE_CONEXAO)


# ANCHOR_END: conectar


# ANCHOR: ler_cabecalho
def ler_cabecalho(leitor: BinaryIO) -> int:
    """Lê linhas até a vazia e devolve o tamanho que a resposta anuncia."""
    tamanho = None
    for linha in leitor:
        linha = linha.decode("ascii", "replace").strip().lower()
        if not linha:
            if tamanho is None or tamanho < 0:
                raise ValueError("resposta sem tamanho")
            return tamanho
        if linha.startswith("http/") and " 200 " not in linha:
            raise ValueError(linha)
        if linha.startswith("content-length:"):
            tamanho = int(linha.removeprefix("content-length:"))
    raise EOFError("o fluxo acabou no cabeçalho")


# ANCHOR_END: ler_cabecalho


# ANCHOR: ler_corpo
def ler_corpo(leitor: BinaryIO, tamanho: int) -> bytes:
    """Lê `tamanho` bytes, nem um a mais; se o fim vem antes, é um erro."""
    corpo = bytearray()
    while len(corpo) < tamanho:
        pedaco = leitor.read(min(tamanho - len(corpo), MAIOR_PEDACO))
        if not pedaco:
            raise EOFError("o fluxo acabou no corpo")
        corpo += pedaco
    return bytes(corpo)


# ANCHOR_END: ler_corpo


# ANCHOR: explicar
def explicar(erro: Exception) -> tuple[int, str]:
    """O estado de saída e uma frase para cada tipo de erro."""
    if isinstance(erro, ConnectionRefusedError):
        return 3, "conexão recusada"
    if isinstance(erro, TimeoutError):
        return 4, "tempo esgotado"
    if isinstance(erro, (EOFError, ConnectionResetError)):
        return 5, "resposta cortada"
    return 1, "não deu"


# ANCHOR_END: explicar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7004" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
