"""Experiência: quantas leituras são precisas para receber três envios?

python3 crates/cap06-enquadramento/python/cap06-pedacos.py
"""

import socket
import sys

ENDERECO = "127.0.0.1:0"
TAMANHO_DO_BUFFER = 4096


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    with socket.create_server(separar(endereco)) as ouvinte:
        print("três envios: um; dois; três;")
        enviar(ouvinte, ["um;", "dois;", "três;"])
        mostrar_leituras(ouvinte)

        print("um envio de 10000 bytes")
        enviar(ouvinte, ["x" * 10_000])
        mostrar_leituras(ouvinte)


# ANCHOR: enviar
def enviar(ouvinte: socket.socket, textos: list[str]) -> None:
    """Conecta, envia cada texto com uma chamada e encerra a conexão."""
    with socket.create_connection(ouvinte.getsockname()) as conexao:
        for texto in textos:
            conexao.sendall(texto.encode())


# ANCHOR_END: enviar


# ANCHOR: mostrar_leituras
def mostrar_leituras(ouvinte: socket.socket) -> None:
    """Aceita a conexão e conta o que cada leitura traz, até o fim."""
    conexao, _ = ouvinte.accept()
    leitura = 0
    with conexao:
        while True:
            dados = conexao.recv(TAMANHO_DO_BUFFER)
            leitura += 1
            print(f"  leitura {leitura}: {len(dados)} bytes")
            if not dados:
                return


# ANCHOR_END: mostrar_leituras


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7006" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
