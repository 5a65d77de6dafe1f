# aceitador
import socket
import sys
import time

ENDERECO = "127.0.0.1:7010"
PRAZO = 1.0
# O maior texto que se devolve, ou que se pergunta, em bytes.
MAIOR_TEXTO = 1200
MAIOR_DATAGRAMA = 65_507


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    if sys.argv[2:3] == ["eco"]:
        ecoar(endereco)
    else:
        perguntas(endereco)


def ecoar(endereco: str) -> None:
    """Devolve cada datagrama a quem o enviou."""
    host, _, porta = endereco.rpartition(":")
    familia, tipo, _, _, local = socket.getaddrinfo(
        host.strip("[]"), int(porta), type=socket.SOCK_DGRAM
    )[0]
    # Como em Java: um socket IPv6 serve também a um endereço IPv4.
    if familia == socket.AF_INET:
        familia, local = socket.AF_INET6, (f"::ffff:{local[0]}", local[1])
    meu = socket.socket(familia, tipo)
    meu.bind(local)
    host, porta = meu.getsockname()[:2]
    print(f"escutando em {host}:{porta}", flush=True)
    while True:
        try:
            devolver(meu)
        except OSError as erro:
            print(f"um datagrama deu errado ({erro})", flush=True)


def devolver(meu: socket.socket) -> None:
    # Com um byte a mais, o que passa do limite se vê.
    dados, de = meu.recvfrom(MAIOR_TEXTO + 1)
    resposta = b"longo demais" if len(dados) > MAIOR_TEXTO else dados
    meu.sendto(resposta, de)


def perguntas(endereco: str) -> None:
    """Cada linha da entrada é uma pergunta."""
    meu = conectar(endereco)
    for numero, linha in enumerate(sys.stdin):
        linha = linha.rstrip("\n")
        if len(linha.encode()) > MAIOR_TEXTO:
            print("longa demais", flush=True)
            continue
        try:
            print(perguntar(meu, numero, linha), flush=True)
        except OSError:
            print("sem resposta", flush=True)


def conectar(endereco: str) -> socket.socket:
    """Um socket que só recebe o que vem deste endereço."""
    host, _, porta = endereco.rpartition(":")
    familia, tipo, _, _, servidor = socket.getaddrinfo(
        host.strip("[]"), int(porta), type=socket.SOCK_DGRAM
    )[0]
    meu = socket.socket(familia, tipo)
    meu.connect(servidor)
    return meu


def perguntar(meu: socket.socket, numero: int, linha: str) -> str:
    """Pergunta e espera, até o prazo, a resposta a esta pergunta."""
    fim = time.monotonic() + PRAZO
    meu.send(f"{numero} {linha}".encode())
    while True:
        # Um tempo limite de zero quer dizer "não espere".
        meu.settimeout(max(fim - time.monotonic(), 0.001))
        chegou = meu.recv(MAIOR_DATAGRAMA).decode(errors="replace")
        n, espaco, texto = chegou.partition(" ")
        if espaco and n == str(numero):
            return texto
        if time.monotonic() >= fim:
            raise TimeoutError
        # vazio, atrasado ou de outra pergunta: não é resposta


if __name__ == "__main__":
    main()
