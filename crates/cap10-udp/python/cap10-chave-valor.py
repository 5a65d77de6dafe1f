"""Servidor de chaves e valores: cada datagrama é um pedido inteiro.

python3 crates/cap10-udp/python/cap10-chave-valor.py 127.0.0.1:7010
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
    while True:
        try:
            atender(meu, valores)
        except OSError as erro:
            print(f"um datagrama deu errado ({erro})", flush=True)


# ANCHOR: atender
def atender(meu: socket.socket, valores: dict[str, str]) -> None:
    """Recebe um datagrama e, se ele é um pedido, responde a quem o enviou."""
    pedido, de = meu.recvfrom(MAIOR_PEDIDO + 1)
    par = "%s:%d" % de
    print(f"{par} enviou {len(pedido)} bytes", flush=True)
    if len(pedido) > MAIOR_PEDIDO:
        print(
            f"{par} passou de {MAIOR_PEDIDO} bytes: não respondo", flush=True
        )
        return
    resposta = responder(pedido, valores)
    if resposta is not None:
        meu.sendto(resposta.encode(), de)


# ANCHOR_END: atender


# ANCHOR: responder
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


# ANCHOR_END: responder


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7010" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
