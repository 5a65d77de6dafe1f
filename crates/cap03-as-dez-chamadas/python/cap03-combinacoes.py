"""Pede ao sistema cada combinação de família e tipo, e mostra a resposta.

python3 crates/cap03-as-dez-chamadas/python/cap03-combinacoes.py
"""

import os
import socket

FAMILIAS = [
    ("INET", socket.AF_INET, socket.IPPROTO_ICMP),
    ("INET6", socket.AF_INET6, socket.IPPROTO_ICMPV6),
    # Onde não há sockets Unix (no Windows, o Python não os oferece), falta.
    ("UNIX", getattr(socket, "AF_UNIX", None), 0),
]
TIPOS = [
    ("STREAM", socket.SOCK_STREAM),
    ("DGRAM", socket.SOCK_DGRAM),
    ("RAW", socket.SOCK_RAW),
]


# ANCHOR: main
def main() -> None:
    for familia, dominio, icmp in FAMILIAS:
        for nome, tipo in TIPOS:
            # Um socket bruto de IP precisa dizer que protocolo carrega.
            protocolo = icmp if tipo == socket.SOCK_RAW else 0
            try:
                resposta = pedir(dominio, tipo, protocolo)
            except (OSError, TypeError) as erro:
                resposta = recusa(erro)
            print(f"{familia:<5} × {nome:<6}  {resposta}")


# ANCHOR_END: main


# ANCHOR: pedir
def pedir(dominio, tipo, protocolo: int) -> str:
    """Pede o socket; se o sistema o dá, pergunta de que tipo ele ficou."""
    with socket.socket(dominio, tipo, protocolo) as pedido:
        dado = pedido.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE)
    nomes = {tipo.value: nome for nome, tipo in TIPOS}
    return f"sim: um socket {nomes.get(dado, 'outro')}"


# ANCHOR_END: pedir


def recusa(erro: OSError | TypeError) -> str:
    if isinstance(erro, PermissionError):
        motivo = "falta privilégio"
    else:
        motivo = "o sistema não oferece"
    numero = getattr(erro, "errno", None)
    texto = os.strerror(numero) if numero else str(erro)
    return f"não: {motivo} ({texto} (os error {numero}))"


if __name__ == "__main__":
    main()
