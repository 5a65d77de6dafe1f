"""Cliente com prazo: do `connect` à última letra, nem um segundo a mais.

python3 crates/cap09-prazos-e-erros/python/cap09-paciente.py 127.0.0.1:7009 fatias 2

Estado de saída: 0 resposta inteira; 3 conexão recusada; 4 prazo esgotado;
5 resposta cortada; 1 qualquer outro erro.
"""

# longo: as quatro esperas e o motivo são a mesma história, contada inteira.

import io
import socket
import sys
import time

ENDERECO = "127.0.0.1:7009"
PEDIDO = "agora"
PRAZO_EM_SEGUNDOS = "2"
LINHA_MAXIMA = 1024


# ANCHOR: main
def main() -> None:
    argumentos = iter(sys.argv[1:])
    endereco, pedido = next(argumentos, ENDERECO), next(argumentos, PEDIDO)
    segundos = float(next(argumentos, PRAZO_EM_SEGUNDOS))

    inicio = time.monotonic()
    fim = inicio + segundos
    try:
        resposta = pedir(endereco, pedido, fim)
    except (OSError, EOFError) as erro:
        levou = em_segundos(time.monotonic() - inicio)
        estado, motivo = explicar(erro)
        print(f"desisti em {levou}: {motivo} ({erro})", file=sys.stderr)
        sys.exit(estado)
    levou = em_segundos(time.monotonic() - inicio)
    print(f"{resposta} (em {levou})")
# ANCHOR_END: main


def em_segundos(tempo: float) -> str:
    """Com a vírgula do português."""
    return f"{tempo:.1f} s".replace(".", ",")


# ANCHOR: pedir
def pedir(endereco: str, pedido: str, fim: float) -> str:
    """Conecta, pede e devolve a linha da resposta, tudo antes de `fim`."""
    with conectar(endereco, fim) as conexao:
        conexao.settimeout(resta(fim))
        conexao.sendall(f"{pedido}\n".encode())
        return ler_linha(ComPrazo(conexao, fim))
# ANCHOR_END: pedir


# ANCHOR: resta
def resta(fim: float) -> float:
    """O que resta até `fim`; quem já passou dele recebe um erro."""
    resta = fim - time.monotonic()
    if resta <= 0:
        raise TimeoutError("o prazo acabou")
    return resta
# ANCHOR_END: resta


# ANCHOR: conectar
def conectar(endereco: str, fim: float) -> socket.socket:
    """Tenta cada endereço do nome, na ordem, todos dentro do mesmo prazo."""
    host, porta = separar(endereco)
    ultimo_erro = OSError("o nome não tem endereço")
    for familia, tipo, _, _, destino in socket.getaddrinfo(
        host, porta, type=socket.SOCK_STREAM
    ):
        conexao = socket.socket(familia, tipo)
        try:
            conexao.settimeout(resta(fim))
            conexao.connect(destino)
            return conexao
        except OSError as erro:
            conexao.close()
            ultimo_erro = erro
    raise ultimo_erro
# ANCHOR_END: conectar


# ANCHOR: com_prazo
class ComPrazo(io.RawIOBase):
    """Uma conexão em que cada leitura recebe só o tempo que resta."""

    def __init__(self, conexao: socket.socket, fim: float) -> None:
        self.conexao = conexao
        self.fim = fim

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self.conexao.settimeout(resta(self.fim))
        return self.conexao.recv_into(buffer)
# ANCHOR_END: com_prazo


# ANCHOR: ler_linha
def ler_linha(conexao: ComPrazo) -> str:
    """Lê uma linha; o fim do fluxo antes do fim dela é um erro."""
    linha = io.BufferedReader(conexao).readline(LINHA_MAXIMA)
    if not linha.endswith(b"\n"):
        raise EOFError("o fluxo acabou no meio da linha")
    return linha[:-1].decode()
# ANCHOR_END: ler_linha


# ANCHOR: explicar
def explicar(erro: Exception) -> tuple[int, str]:
    """O estado de saída e uma frase para cada tipo de erro."""
    if isinstance(erro, ConnectionRefusedError):
        return 3, "conexão recusada"
    if isinstance(erro, TimeoutError):
        return 4, "prazo esgotado"
    if isinstance(erro, (EOFError, ConnectionResetError, BrokenPipeError)):
        return 5, "resposta cortada"
    return 1, "não deu"
# ANCHOR_END: explicar


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7009" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host.strip("[]"), int(porta)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
