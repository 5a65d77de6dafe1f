"""Cliente de palavras: remonta as mensagens com os bytes que chegam.
O segundo argumento é o tamanho do buffer de leitura, em bytes.

python3 crates/cap06-enquadramento/python/cap06-cliente.py 127.0.0.1:7006 7
"""

import socket
import sys

ENDERECO = "127.0.0.1:7006"
TAMANHO_DO_BUFFER = "7"
PRAZO = 5.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    tamanho = int(sys.argv[2] if len(sys.argv) > 2 else TAMANHO_DO_BUFFER)
    try:
        conexao = socket.create_connection(separar(endereco), timeout=PRAZO)
    except OSError as erro:
        sys.exit(f"não consegui conectar a {endereco} ({erro})")
    with conexao:
        receber_palavras(conexao, tamanho)


# ANCHOR: receber_palavras
def receber_palavras(conexao: socket.socket, tamanho: int) -> None:
    """Guarda o que chega e mostra cada palavra assim que ela se completa."""
    guardados = bytearray()
    while chegados := conexao.recv(tamanho):
        print(f"chegaram [{chegados.hex(' ').replace(' ', ', ')}]")
        guardados += chegados
        while (palavra := proxima_mensagem(guardados)) is not None:
            print(f"palavra: {palavra.decode()}")
    if guardados:
        sys.exit("o fluxo acabou em meia mensagem")


# ANCHOR_END: receber_palavras


# ANCHOR: proxima_mensagem
def proxima_mensagem(guardados: bytearray) -> bytes | None:
    """Retira dos bytes guardados a primeira mensagem, se já está inteira."""
    if len(guardados) < 2:
        return None
    fim = 2 + int.from_bytes(guardados[:2], "big")
    if len(guardados) < fim:
        return None
    mensagem = bytes(guardados[2:fim])
    del guardados[:fim]
    return mensagem


# ANCHOR_END: proxima_mensagem


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7006" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
