"""Cliente de eco com as chamadas à mostra: envia o que você digita.

python3 crates/cap03-as-dez-chamadas/python/cap03-cliente.py 127.0.0.1:7003
"""

import socket
import sys

ENDERECO = "127.0.0.1:7003"
TAMANHO_DO_BUFFER = 4096
PRAZO = 2.0


# ANCHOR: main
def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        conexao = conectar(endereco)
    except OSError as erro:
        sys.exit(f"não consegui conectar a {endereco} ({erro})")
    print(f"conectado a {endereco}", flush=True)
    try:
        conversar(conexao)
        encerrar(conexao)
    except (OSError, EOFError) as erro:
        sys.exit(f"a conversa parou no meio ({erro})")


# ANCHOR_END: main


# ANCHOR: conectar
def conectar(nome: str) -> socket.socket:
    """getaddrinfo: um nome pode ter vários endereços; vale o que atender."""
    host, _, porta = nome.rpartition(":")
    falha = OSError("o nome não tem endereço")
    for familia, tipo, protocolo, _, endereco in socket.getaddrinfo(
        host.strip("[]"), porta, type=socket.SOCK_STREAM
    ):
        try:
            return tentar(familia, tipo, protocolo, endereco)
        except OSError as erro:
            falha = erro
    raise falha


# ANCHOR_END: conectar


# ANCHOR: tentar
def tentar(familia, tipo, protocolo, endereco) -> socket.socket:
    """socket e connect, com prazo: um socket por tentativa."""
    conexao = socket.socket(familia, tipo, protocolo)
    conexao.settimeout(PRAZO)
    try:
        conexao.connect(endereco)
    except OSError:
        conexao.close()
        raise
    return conexao


# ANCHOR_END: tentar


# ANCHOR: conversar
def conversar(conexao: socket.socket) -> None:
    """Envia cada linha digitada e espera que todos os bytes dela voltem."""
    for linha in sys.stdin:
        enviar_tudo(conexao, linha.encode())
        eco = receber(conexao, len(linha.encode()))
        print(eco.decode(errors="replace"), end="", flush=True)


# ANCHOR_END: conversar


# ANCHOR: enviar_tudo
def enviar_tudo(conexao: socket.socket, dados: bytes) -> None:
    """send: o kernel aceita o que couber; insista com o resto."""
    while dados:
        dados = dados[conexao.send(dados) :]


# ANCHOR_END: enviar_tudo


# ANCHOR: receber
def receber(conexao: socket.socket, quantos: int) -> bytes:
    """recv: entrega o que já chegou; repita até ter os bytes que espera."""
    dados = b""
    while len(dados) < quantos:
        pedaco = conexao.recv(quantos - len(dados))
        if not pedaco:
            raise EOFError("o fluxo acabou antes do eco")
        dados += pedaco
    return dados


# ANCHOR_END: receber


# ANCHOR: encerrar
def encerrar(conexao: socket.socket) -> None:
    """shutdown: “não envio mais”; recv até o fim: “nem eu”; close: fim."""
    conexao.shutdown(socket.SHUT_WR)
    while resto := conexao.recv(TAMANHO_DO_BUFFER):
        print(resto.decode(errors="replace"), end="", flush=True)
    conexao.close()


# ANCHOR_END: encerrar


if __name__ == "__main__":
    main()
