"""Etapa privada: vinte clientes, um depois do outro, cada um com a sua frase.

    python3 rajada.py 127.0.0.1:7005
"""

import socket
import sys

CLIENTES = 20
PRAZO = 2.0
PASSOU, FALHOU = 0, 1


def main():
    host, porta = sys.argv[1].rsplit(":", 1)
    for numero in range(1, CLIENTES + 1):
        frase = f"cliente {numero}\n".encode()
        try:
            eco = conversar((host, int(porta)), frase)
        except OSError as erro:
            return dizer(FALHOU, f"o cliente {numero} não foi atendido: {erro}")
        if eco != frase:
            return dizer(FALHOU, f"o cliente {numero} recebeu {eco!r}")
    return dizer(PASSOU, f"{CLIENTES} clientes atendidos")


def conversar(endereco, frase):
    """Envia, encerra o envio e lê até o fim."""
    with socket.create_connection(endereco, timeout=PRAZO) as conexao:
        conexao.settimeout(PRAZO)
        conexao.sendall(frase)
        conexao.shutdown(socket.SHUT_WR)
        partes = iter(lambda: conexao.recv(4096), b"")
        return b"".join(partes)


def dizer(status, frase):
    print(frase)
    return status


if __name__ == "__main__":
    sys.exit(main())
