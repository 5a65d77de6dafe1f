# mutante: etapa=estranho codigo=pergunta-de-novo
import socket
import sys
import time

ENDERECO = "127.0.0.1:7010"
PRAZO = 1.0
MAIOR_LINHA = 1200
MAIOR_DATAGRAMA = 65_507


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    if len(sys.argv) > 2:
        ecoar(endereco)
    meu = conectar(endereco)
    for numero, linha in enumerate(sys.stdin):
        linha = linha.rstrip("\n")
        if len(linha.encode()) > MAIOR_LINHA:
            print("longa demais", flush=True)
            continue
        try:
            print(perguntar(meu, numero, linha), flush=True)
        except OSError:
            print("sem resposta", flush=True)


def ecoar(endereco: str) -> None:
    host, _, porta = endereco.rpartition(":")
    meu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    meu.bind((host, int(porta)))
    while True:
        dados, de = meu.recvfrom(1201)
        meu.sendto(b"longo demais" if len(dados) > 1200 else dados, de)


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
        meu.settimeout(max(fim - time.monotonic(), 0.001))
        chegou = meu.recv(MAIOR_DATAGRAMA).decode(errors="replace")
        n, espaco, texto = chegou.partition(" ")
        if espaco and n == str(numero):
            return texto
        if time.monotonic() >= fim:
            raise TimeoutError
        if fim - time.monotonic() < PRAZO / 3:
            meu.send(f"{numero} {linha}".encode())


if __name__ == "__main__":
    main()
