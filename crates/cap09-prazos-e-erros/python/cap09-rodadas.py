"""Cronometra rodadas de pedido e resposta, de três jeitos de escrever.

python3 crates/cap09-prazos-e-erros/python/cap09-rodadas.py 127.0.0.1:7009 50 todos

O último argumento pode ser `duas`, `nodelay` ou `uma`: um jeito só.
"""

import socket
import sys
import time

ENDERECO = "127.0.0.1:7009"
RODADAS = "50"
JEITOS = ["duas", "nodelay", "uma"]
TEXTO = b"oi\n"
PRAZO_DA_RODADA = 2.0  # segundos


def main() -> None:
    argumentos = iter(sys.argv[1:])
    endereco = next(argumentos, ENDERECO)
    rodadas = int(next(argumentos, RODADAS))
    pedido = next(argumentos, "todos")
    tempos = []
    for jeito in [j for j in JEITOS if pedido in ("todos", j)]:
        try:
            tempo = cronometrar(endereco, rodadas, jeito)
        except (OSError, EOFError) as erro:
            sys.exit(f"{jeito}: não deu ({erro})")
        print(f"{jeito:<8} {rodadas} rodadas em {em_ms(tempo)}")
        tempos.append(tempo)
    if len(tempos) == 3:
        duas, nodelay, uma = tempos
        print(f"duas / nodelay: cerca de {duas / nodelay:.0f} vezes")
        print(f"duas / uma:     cerca de {duas / uma:.0f} vezes")


# ANCHOR: cronometrar
def cronometrar(endereco: str, rodadas: int, jeito: str) -> float:
    """O tempo de tantas rodadas, uma depois da outra, na mesma conexão."""
    with socket.create_connection(separar(endereco)) as conexao:
        conexao.settimeout(PRAZO_DA_RODADA)
        nodelay = 1 if jeito == "nodelay" else 0
        conexao.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, nodelay)
        leitor = conexao.makefile("rb")
        inicio = time.monotonic()
        for _ in range(rodadas):
            if jeito == "uma":
                em_uma_escrita(conexao)
            else:
                em_duas_escritas(conexao)
            if len(leitor.read(len(TEXTO))) < len(TEXTO):  # o eco
                raise EOFError("o eco veio cortado")
        return time.monotonic() - inicio
# ANCHOR_END: cronometrar


# ANCHOR: em_duas_escritas
def em_duas_escritas(conexao: socket.socket) -> None:
    """O verbo em uma escrita, o texto em outra."""
    conexao.sendall(b"eco ")
    conexao.sendall(TEXTO)
# ANCHOR_END: em_duas_escritas


# ANCHOR: em_uma_escrita
def em_uma_escrita(conexao: socket.socket) -> None:
    """Os mesmos bytes, juntos."""
    conexao.sendall(b"eco " + TEXTO)
# ANCHOR_END: em_uma_escrita


def em_ms(tempo: float) -> str:
    """Em milissegundos, com a vírgula do português."""
    return f"{tempo * 1000:.1f} ms".replace(".", ",")


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7009" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    main()
