"""Um socket Unix: o endereço é um arquivo, e o arquivo fica.

python3 crates/cap03-as-dez-chamadas/python/cap03-unix.py /tmp/cap03.sock
"""

import os
import socket
import sys
import tempfile


# ANCHOR: main
def main() -> None:
    padrao = os.path.join(tempfile.gettempdir(), "cap03.sock")
    caminho = sys.argv[1] if len(sys.argv) > 1 else padrao

    ouvinte = escutar(caminho)
    print(f"escutei; o arquivo existe: {existe(caminho)}")
    print(f"o servidor recebeu {conversar(ouvinte, caminho)} bytes")

    ouvinte.close()
    print(f"fechei;  o arquivo existe: {existe(caminho)}")
    try:
        escutar(caminho)
    except OSError as erro:
        texto = os.strerror(erro.errno)
        print(f"escutar de novo: não ({texto} (os error {erro.errno}))")
    os.remove(caminho)
    escutar(caminho).close()
    print("apaguei o arquivo; escutar de novo: sim")
    os.remove(caminho)


# ANCHOR_END: main


# ANCHOR: escutar
def escutar(caminho: str) -> socket.socket:
    """As mesmas chamadas; mudam a família e o endereço."""
    ouvinte = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        ouvinte.bind(caminho)
    except OSError:
        ouvinte.close()
        raise
    ouvinte.listen(1)
    return ouvinte


# ANCHOR_END: escutar


def existe(caminho: str) -> str:
    return str(os.path.exists(caminho)).lower()


def conversar(ouvinte: socket.socket, caminho: str) -> int:
    """Conecta, envia um byte por letra e conta o que chegou ao outro lado."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as cliente:
        cliente.connect(caminho)
        conexao, _ = ouvinte.accept()
        cliente.send(b"oi")
    total = 0
    with conexao:
        while dados := conexao.recv(64):
            total += len(dados)
    return total


if __name__ == "__main__":
    main()
