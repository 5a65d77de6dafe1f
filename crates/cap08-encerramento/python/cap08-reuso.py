"""Reabre uma porta em TIME-WAIT, com e sem SO_REUSEADDR em cada servidor.

python3 crates/cap08-encerramento/python/cap08-reuso.py
"""

import socket

ENDERECO = ("127.0.0.1", 0)
PRAZO = 5.0  # segundos


def main() -> None:
    for primeiro in (False, True):
        for segundo in (False, True):
            ouvinte = escutar(ENDERECO, primeiro)
            endereco = deixar_em_time_wait(ouvinte)
            try:
                escutar(endereco, segundo).close()
                resultado = "escutou"
            except OSError as erro:
                resultado = f"{erro.strerror} (os error {erro.errno})"
            antes, depois = sim_ou_nao(primeiro), sim_ou_nao(segundo)
            print(f"antes: {antes}  depois: {depois}  {resultado}")


# ANCHOR: escutar
def escutar(endereco: tuple[str, int], reusar: bool) -> socket.socket:
    """bind e listen, com ou sem SO_REUSEADDR."""
    ouvinte = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        ouvinte.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(reusar))
        ouvinte.bind(endereco)
        ouvinte.listen(1)
    except OSError:
        ouvinte.close()
        raise
    return ouvinte


# ANCHOR_END: escutar


# ANCHOR: deixar_em_time_wait
def deixar_em_time_wait(ouvinte: socket.socket) -> tuple[str, int]:
    """O servidor encerra primeiro, e a porta dele fica em TIME-WAIT."""
    endereco = ouvinte.getsockname()
    with socket.create_connection(endereco, PRAZO) as cliente:
        conexao, _ = ouvinte.accept()
        conexao.close()  # este lado envia o primeiro FIN
        ouvinte.close()
        cliente.recv(1)  # o FIN chegou ao cliente
    return endereco  # o cliente fechou, e o segundo FIN foi


# ANCHOR_END: deixar_em_time_wait


def sim_ou_nao(reusar: bool) -> str:
    return "com" if reusar else "sem"


if __name__ == "__main__":
    main()
