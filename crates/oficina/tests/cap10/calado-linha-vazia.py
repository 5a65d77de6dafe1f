# mutante: etapa=vazio codigo=calado
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
    meu, servidor = conectar(endereco)
    for numero, linha in enumerate(sys.stdin):
        linha = linha.rstrip("\n")
        if not linha:
            continue
        if len(linha.encode()) > MAIOR_LINHA:
            print("longa demais", flush=True)
            continue
        try:
            print(perguntar(meu, servidor, numero, linha), flush=True)
        except OSError:
            print("sem resposta", flush=True)


def ecoar(endereco: str) -> None:
    host, _, porta = endereco.rpartition(":")
    meu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    meu.bind((host, int(porta)))
    while True:
        dados, de = meu.recvfrom(1201)
        meu.sendto(b"longo demais" if len(dados) > 1200 else dados, de)


def conectar(endereco: str) -> tuple[socket.socket, tuple]:
    host, _, porta = endereco.rpartition(":")
    familia, tipo, _, _, servidor = socket.getaddrinfo(
        host.strip("[]"), int(porta), type=socket.SOCK_DGRAM
    )[0]
    meu = socket.socket(familia, tipo)
    return meu, servidor


def perguntar(
    meu: socket.socket, servidor: tuple, numero: int, linha: str
) -> str:
    fim = time.monotonic() + PRAZO
    meu.sendto(f"{numero} {linha}".encode(), servidor)
    while True:
        meu.settimeout(max(fim - time.monotonic(), 0.001))
        dados, de = meu.recvfrom(MAIOR_DATAGRAMA)
        chegou = dados.decode(errors="replace")
        n, espaco, texto = chegou.partition(" ")
        if de == servidor and espaco and n == str(numero):
            return texto
        if time.monotonic() >= fim:
            raise TimeoutError


if __name__ == "__main__":
    main()
