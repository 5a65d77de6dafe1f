"""Servidor de palavras: envia quatro mensagens, cortadas onde não convém.
O segundo argumento é o tamanho de cada pedaço, em bytes.

python3 crates/cap06-enquadramento/python/cap06-palavras.py 127.0.0.1:7006 7
"""

import socket
import sys
import time

ENDERECO = "127.0.0.1:7006"
PEDACO = "7"
PALAVRAS = ["olá", "coração", "pão", "fim"]
PAUSA_ENTRE_PEDACOS = 0.1


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    pedaco = int(sys.argv[2] if len(sys.argv) > 2 else PEDACO)
    with socket.create_server(separar(endereco)) as ouvinte:
        host, porta = ouvinte.getsockname()
        print(f"escutando em {host}:{porta}", flush=True)
        while True:
            conexao, par = ouvinte.accept()
            try:
                enviar_palavras(conexao, pedaco)
            except OSError as erro:
                print(f"{par[0]}:{par[1]} caiu ({erro})", flush=True)


# ANCHOR: enviar_palavras
def enviar_palavras(conexao: socket.socket, pedaco: int) -> None:
    """Junta as mensagens em um fluxo e o envia em pedaços."""
    with conexao:
        # Cada pedaço parte sem esperar o próximo.
        conexao.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        fluxo = b"".join(enquadrar(palavra) for palavra in PALAVRAS)
        for inicio in range(0, len(fluxo), pedaco):
            conexao.sendall(fluxo[inicio : inicio + pedaco])
            time.sleep(PAUSA_ENTRE_PEDACOS)  # imita uma rede lenta


# ANCHOR_END: enviar_palavras


# ANCHOR: enquadrar
def enquadrar(palavra: str) -> bytes:
    """Põe antes da palavra o tamanho dela, em dois bytes."""
    corpo = palavra.encode()
    return len(corpo).to_bytes(2, "big") + corpo


# ANCHOR_END: enquadrar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7006" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
