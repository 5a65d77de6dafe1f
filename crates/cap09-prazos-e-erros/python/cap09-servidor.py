"""Servidor de uma linha por pedido, que sabe se comportar mal.

python3 crates/cap09-prazos-e-erros/python/cap09-servidor.py 127.0.0.1:7009

`agora` responde na hora; `fatias`, aos poucos; `gotas`, um byte de cada
vez; `muda` não responde; `eco TEXTO` devolve o texto; `derruba` encerra
sem responder, e só na terceira vez responde; `soma N` soma, e da primeira
vez encerra antes de contar que somou. Uma linha longa demais fica sem ler.
"""

# longo: são sete pedidos, cada um com o seu mau comportamento.

import socket
import sys
import time
from dataclasses import dataclass

ENDERECO = "127.0.0.1:7009"
LINHA_MAXIMA = 1024
RESPOSTA = b"demorou, mas chegou inteira\n"
TAMANHO_DA_FATIA = 7
PAUSA_ENTRE_FATIAS = 0.3  # segundos
PAUSA_ENTRE_GOTAS = 0.2
PACIENCIA = 20.0


@dataclass
class Memoria:
    """O que o servidor lembra de um cliente para o outro."""

    derrubadas: int = 0
    somas: int = 0
    total: int = 0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        ouvinte = socket.create_server(separar(endereco))
    except OSError as erro:
        sys.exit(f"não escutei em {endereco} ({erro})")
    host, porta = ouvinte.getsockname()
    print(f"escutando em {host}:{porta}", flush=True)
    memoria = Memoria()
    while True:
        conexao, _ = ouvinte.accept()
        try:
            atender(conexao, memoria)
        except OSError as erro:
            print(f"o cliente foi embora ({erro})", flush=True)


def atender(conexao: socket.socket, memoria: Memoria) -> None:
    """Responde a um pedido depois do outro, até o cliente encerrar."""
    conexao.settimeout(PACIENCIA)
    with conexao, conexao.makefile("rb") as leitor:
        while (pedido := ler_pedido(leitor)) is not None:
            verbo, _, texto = pedido.partition(" ")
            if verbo != "eco":
                print(f"pedido: {pedido}", flush=True)
            if verbo == "fatias":
                pausado(conexao, TAMANHO_DA_FATIA, PAUSA_ENTRE_FATIAS)
            elif verbo == "gotas":
                pausado(conexao, 1, PAUSA_ENTRE_GOTAS)
            elif verbo != "muda":
                resposta = responder(verbo, texto, memoria)
                if resposta is None:
                    return  # encerra sem responder
                conexao.sendall(resposta.encode())


def ler_pedido(leitor) -> str | None:
    """Lê uma linha; de uma que passa do limite, deixa o resto sem ler."""
    linha = leitor.readline(LINHA_MAXIMA)
    if len(linha) == LINHA_MAXIMA and not linha.endswith(b"\n"):
        print("pedido longo demais: parei de ler", flush=True)
        time.sleep(PACIENCIA)
        return None
    return linha[:-1].decode() if linha.endswith(b"\n") else None


def responder(verbo: str, texto: str, memoria: Memoria) -> str | None:
    """A resposta, ou nada se a conexão deve cair sem ela."""
    if verbo == "agora":
        return "agora mesmo\n"
    if verbo == "eco":
        return f"{texto}\n"
    if verbo == "derruba":
        memoria.derrubadas += 1
        return "até que enfim\n" if memoria.derrubadas > 2 else None
    if verbo == "soma":
        memoria.somas += 1
        memoria.total += int(texto) if texto.strip().isdigit() else 0
        print(f"o total agora é {memoria.total}", flush=True)
        return f"total {memoria.total}\n" if memoria.somas > 1 else None
    return "não conheço esse pedido\n"


def pausado(conexao: socket.socket, tamanho: int, pausa: float) -> None:
    """Envia a resposta aos pedaços, com uma pausa depois de cada um."""
    conexao.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for inicio in range(0, len(RESPOSTA), tamanho):
        conexao.sendall(RESPOSTA[inicio : inicio + tamanho])
        time.sleep(pausa)


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7009" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
