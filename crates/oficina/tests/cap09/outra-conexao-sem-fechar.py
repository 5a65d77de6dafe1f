# mutante: etapa=fatias codigo=outra-conexao
import random
import socket
import sys
import time

PRAZO = 1.0
abertas = []


def main():
    endereco = sys.argv[1]
    guardada = [None]
    for pedido in sys.argv[2:]:
        try:
            print(pedir(endereco, pedido, guardada), flush=True)
        except (OSError, EOFError, ValueError) as erro:
            print(erro, file=sys.stderr)
            sys.exit(estado(erro))


def pedir(endereco, pedido, guardada):
    fim = time.monotonic() + PRAZO
    espera = 0.05
    while True:
        try:
            return tentar(endereco, pedido, guardada, fim)
        except (OSError, EOFError) as erro:
            guardada[0] = None
            pausa = random.uniform(espera / 2, espera)
            if not repetivel(erro, pedido):
                raise
            if time.monotonic() + pausa >= fim:
                raise
        time.sleep(pausa)
        espera *= 2


def tentar(endereco, pedido, guardada, fim):
    if guardada[0] is None:
        guardada[0] = conectar(endereco, fim)
    conexao = guardada[0]
    enviar(conexao, pedido, fim)
    tamanho = ler_tamanho(conexao, fim)
    texto = ler_texto(conexao, tamanho, fim).decode()
    abertas.append(conexao)  # fica aberta, e o próximo pedido abre outra
    guardada[0] = None
    return texto


def conectar(endereco, fim):
    host, _, porta = endereco.rpartition(":")
    return socket.create_connection((host, int(porta)), resta(fim))


def enviar(conexao, pedido, fim):
    conexao.settimeout(resta(fim))
    texto = pedido.encode()
    conexao.sendall(len(texto).to_bytes(2, "big") + texto)


def ler_tamanho(conexao, fim):
    return int.from_bytes(ler(conexao, 2, fim), "big")


def ler_texto(conexao, tamanho, fim):
    return ler(conexao, tamanho, fim)


def ler(conexao, quantos, fim):
    lidos = b""
    while len(lidos) < quantos:
        conexao.settimeout(resta(fim))
        pedaco = conexao.recv(quantos - len(lidos))
        if not pedaco:
            raise EOFError("cortada")
        lidos += pedaco
    return lidos


def resta(fim):
    resta = fim - time.monotonic()
    if resta <= 0:
        raise TimeoutError("tempo esgotado")
    return resta


def repetivel(erro, pedido):
    if estado(erro) == 3:
        return True
    return estado(erro) == 5 and pedido.startswith("LER ")


def estado(erro):
    if isinstance(erro, ConnectionRefusedError):
        return 3
    if isinstance(erro, TimeoutError):
        return 4
    if isinstance(erro, (EOFError, ConnectionResetError, BrokenPipeError)):
        return 5
    return 1


main()
