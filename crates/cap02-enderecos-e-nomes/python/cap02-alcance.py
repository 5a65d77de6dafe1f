"""Quem chega a quem: um servidor em cada endereço, e um cliente por caminho.

python3 crates/cap02-enderecos-e-nomes/python/cap02-alcance.py
"""

import socket

PRAZO = 2.0  # segundos
FILA = 16
CAMINHOS = ["127.0.0.1", "127.0.0.2", "::1"]
# O endereço e, se a opção for mexida, o valor de IPV6_V6ONLY.
SERVIDORES = [
    ("127.0.0.1", None),
    ("::1", None),
    ("0.0.0.0", None),
    ("::", None),
    ("::", True),
    ("::", False),
]
OPCOES = {None: "", True: " só IPv6", False: " dupla"}


def main() -> None:
    a, b, c = CAMINHOS
    print(f"{'escuta em':<11}{a:<10}{b:<10}{c}")
    for ip, so_v6 in SERVIDORES:
        try:
            with escutar(ip, so_v6) as ouvinte:
                a, b, c = [chegar(ouvinte, por) for por in CAMINHOS]
        except OSError:
            a = b = c = "sem bind"
        print(f"{ip + OPCOES[so_v6]:<11}{a:<10}{b:<10}{c}")


# ANCHOR: escutar
def escutar(ip: str, so_v6: bool | None) -> socket.socket:
    """Escuta em uma porta do sistema, com a opção antes do bind."""
    familia = socket.AF_INET6 if ":" in ip else socket.AF_INET
    ouvinte = socket.socket(familia, socket.SOCK_STREAM)
    if so_v6 is not None:
        ouvinte.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, so_v6)
    ouvinte.bind((ip, 0))
    ouvinte.listen(FILA)
    return ouvinte


# ANCHOR_END: escutar


# ANCHOR: chegar
def chegar(ouvinte: socket.socket, por: str) -> str:
    """Conecta por um dos caminhos; diz se chegou, e como foi visto."""
    porta = ouvinte.getsockname()[1]
    try:
        with socket.create_connection((por, porta), timeout=PRAZO):
            conexao, par = ouvinte.accept()
            conexao.close()
            return "mapeado" if par[0].startswith("::ffff:") else "sim"
    except OSError:
        return "não"


# ANCHOR_END: chegar


if __name__ == "__main__":
    main()
