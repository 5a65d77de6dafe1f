"""close age sobre o descritor; shutdown, sobre a conexão.

python3 crates/cap03-as-dez-chamadas/python/cap03-fechar.py
"""

import socket

LOOPBACK = ("127.0.0.1", 0)
# Quanto se espera antes de dizer que nada chegou.
ESPERA = 0.3


# ANCHOR: main
def main() -> None:
    deste_lado, do_outro = par()
    copia = deste_lado.dup()
    copia.settimeout(ESPERA)

    deste_lado.close()
    print(f"fechei um descritor; o outro lado vê {ver(do_outro)}")

    copia.shutdown(socket.SHUT_WR)
    print(f"shutdown(Write);     o outro lado vê {ver(do_outro)}")

    do_outro.send(b"ainda ouve?")
    ouvido = len(copia.recv(64))
    print(f"e deste lado ainda chegaram {ouvido} bytes")
    copia.close()
    do_outro.close()


# ANCHOR_END: main


def par() -> tuple[socket.socket, socket.socket]:
    """As duas pontas de uma conexão."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as ouvinte:
        ouvinte.bind(LOOPBACK)
        ouvinte.listen(1)
        deste_lado = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        deste_lado.connect(ouvinte.getsockname())
        do_outro, _ = ouvinte.accept()
    do_outro.settimeout(ESPERA)
    return deste_lado, do_outro


def ver(conexao: socket.socket) -> str:
    """O que uma leitura encontra: bytes, o fim ou nada."""
    try:
        dados = conexao.recv(64)
    except TimeoutError:
        return "nada: a conexão segue aberta"
    return f"{len(dados)} bytes" if dados else "o fim do fluxo"


if __name__ == "__main__":
    main()
