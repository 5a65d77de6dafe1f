"""Mensagens: dois envios, por TCP e por UDP; quantas leituras?

python3 crates/cap01-o-que-e-um-socket/python/cap01-mensagens.py
"""

import socket
import sys

ENDERECO = "127.0.0.1:0"  # 0: o sistema escolhe a porta
PRAZO = 2.0  # segundos
TAMANHO_DO_BUFFER = 100


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    por_tcp(endereco)
    por_udp(endereco)


# ANCHOR: por_tcp
def por_tcp(endereco: str) -> None:
    """Envia duas vezes; depois que tudo chegou, lê uma vez."""
    ouvinte = socket.create_server(separar(endereco))
    cliente = socket.create_connection(ouvinte.getsockname())
    servidor, _ = ouvinte.accept()
    cliente.sendall("olá".encode())
    cliente.sendall("tchau".encode())
    servidor.settimeout(PRAZO)

    tudo = len("olátchau".encode())
    while len(servidor.recv(TAMANHO_DO_BUFFER, socket.MSG_PEEK)) < tudo:
        pass  # espera, sem retirar nada
    lidos = servidor.recv(TAMANHO_DO_BUFFER)
    texto = lidos.decode()
    print(f"TCP: dois envios, uma leitura de {len(lidos)} bytes: {texto}")


# ANCHOR_END: por_tcp


# ANCHOR: por_udp
def por_udp(endereco: str) -> None:
    """Envia dois datagramas; lê um de cada vez."""
    servidor = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    servidor.bind(separar(endereco))
    cliente = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    cliente.sendto("olá".encode(), servidor.getsockname())
    cliente.sendto("tchau".encode(), servidor.getsockname())
    servidor.settimeout(PRAZO)

    for _ in range(2):
        lidos, _ = servidor.recvfrom(TAMANHO_DO_BUFFER)
        print(f"UDP: um datagrama de {len(lidos)} bytes: {lidos.decode()}")


# ANCHOR_END: por_udp


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7001" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
