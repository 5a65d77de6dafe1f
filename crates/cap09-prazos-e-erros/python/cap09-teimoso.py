"""Cliente que tenta de novo, quando pode, com esperas cada vez maiores.

python3 crates/cap09-prazos-e-erros/python/cap09-teimoso.py 127.0.0.1:7009 derruba
"""

# longo: tentar, escolher se repete e esperar são a mesma história.

import random
import socket
import sys
import time

ENDERECO = "127.0.0.1:7009"
PEDIDO = "derruba"
PRAZO = 3.0  # segundos
PRIMEIRA_ESPERA = 0.1
TAMANHO_DO_BUFFER = 1024


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    pedido = sys.argv[2] if len(sys.argv) > 2 else PEDIDO
    try:
        resposta = insistir(endereco, pedido, time.monotonic() + PRAZO)
    except (OSError, EOFError) as erro:
        sys.exit(f"desisti de “{pedido}” ({erro})")
    print(resposta)


# ANCHOR: insistir
def insistir(destino: str, pedido: str, fim: float) -> str:
    """Repete a tentativa até dar certo, até não poder, ou até `fim`."""
    espera = PRIMEIRA_ESPERA
    while True:
        try:
            return tentar(destino, pedido, fim)
        except (OSError, EOFError) as erro:
            pausa = sortear(espera)
            acabou = time.monotonic() + pausa >= fim
            if not pode_repetir(erro, pedido) or acabou:
                raise
            print(f"não deu ({erro}); espero {pausa * 1000:.0f} ms", flush=True)
        time.sleep(pausa)
        espera *= 2
# ANCHOR_END: insistir


def tentar(destino: str, pedido: str, fim: float) -> str:
    """Uma tentativa: uma conexão nova, o pedido e a linha da resposta."""
    with socket.create_connection(separar(destino), resta(fim)) as conexao:
        conexao.sendall(f"{pedido}\n".encode())
        linha = b""
        while not linha.endswith(b"\n"):
            conexao.settimeout(resta(fim))
            novos = conexao.recv(TAMANHO_DO_BUFFER)
            if not novos:
                raise EOFError("o fluxo acabou antes da resposta")
            linha += novos
        return linha[:-1].decode()


def resta(fim: float) -> float:
    """O que resta até `fim`; quem já passou dele recebe um erro."""
    resta = fim - time.monotonic()
    if resta <= 0:
        raise TimeoutError("o prazo acabou")
    return resta


# ANCHOR: pode_repetir
def pode_repetir(erro: Exception, pedido: str) -> bool:
    """Recusado, o pedido nem saiu daqui. Cortado, talvez tenha sido atendido:
    só se repete o que não muda nada do outro lado."""
    if isinstance(erro, ConnectionRefusedError):
        return True
    if isinstance(erro, (EOFError, ConnectionResetError, BrokenPipeError)):
        return not pedido.startswith("soma")
    return False
# ANCHOR_END: pode_repetir


# ANCHOR: sortear
def sortear(espera: float) -> float:
    """Um tempo qualquer entre a metade de `espera` e ela inteira."""
    return random.uniform(espera / 2, espera)
# ANCHOR_END: sortear


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7009" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
