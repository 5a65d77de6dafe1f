"""Errado de propósito (M28): toma o datagrama vazio pelo fim da conversa.

python3 crates/cap10-udp/python/cap10-errado-vazio.py 127.0.0.1:7010
"""

import socket
import sys

ENDERECO = "127.0.0.1:7010"
# O maior pedido que este servidor aceita, em bytes.
MAIOR_PEDIDO = 1200


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    meu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        meu.bind(separar(endereco))
    except OSError as erro:
        sys.exit(f"não consegui escutar em {endereco} ({erro})")
    print("escutando em %s:%d" % meu.getsockname(), flush=True)
    valores: dict[str, str] = {}
    while atender(meu, valores):
        pass


# ANCHOR: atender
def atender(meu: socket.socket, valores: dict[str, str]) -> bool:
    """Atende um datagrama; devolve se ainda há o que receber."""
    pedido, de = meu.recvfrom(MAIOR_PEDIDO + 1)
    par = "%s:%d" % de
    print(f"{par} enviou {len(pedido)} bytes", flush=True)
    if not pedido:
        print(f"{par} encerrou", flush=True)
        return False
    resposta = responder(pedido, valores)
    if resposta is not None:
        meu.sendto(resposta.encode(), de)
    return True


# ANCHOR_END: atender


def responder(pedido: bytes, valores: dict[str, str]) -> str | None:
    """`7 nome=Ana` guarda; `7 nome` consulta. O número volta na resposta."""
    try:
        numero, espaco, texto = pedido.decode().partition(" ")
    except UnicodeDecodeError:
        return None
    if not espaco:
        return None
    chave, igual, valor = texto.partition("=")
    if igual:
        valores[chave] = valor
        return f"{numero} guardado"
    return f"{numero} {valores.get(texto, '(nada)')}"


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7010" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
