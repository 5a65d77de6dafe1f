"""Inicia um servidor de verdade desta máquina em uma porta livre, para um
roteiro conversar com ele: `servico.py ssh`, `http` ou `redis`.

Diz primeiro `escutando em ENDEREÇO:PORTA`, como os programas do livro.
"""

import http.server
import os
import socket
import subprocess
import sys
import tempfile

SSHD = "/usr/sbin/sshd"


def main() -> None:
    servir = {"ssh": ssh, "http": pagina, "redis": redis}[sys.argv[1]]
    with tempfile.TemporaryDirectory() as pasta:
        servir(pasta)


def escutando(porta: int) -> None:
    print(f"escutando em 127.0.0.1:{porta}", flush=True)


def ssh(pasta: str) -> None:
    """O sshd conversa com um cliente que outro aceitou (`sshd -i`)."""
    chave = os.path.join(pasta, "chave")
    gerar = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", chave]
    subprocess.run(gerar, check=True)
    comando = [SSHD, "-i", "-f", "/dev/null", "-h", chave]
    with socket.create_server(("127.0.0.1", 0)) as ouvinte:
        escutando(ouvinte.getsockname()[1])
        conexao, _ = ouvinte.accept()
        with conexao:
            subprocess.run(
                comando,
                stdin=conexao.fileno(),
                stdout=conexao.fileno(),
                stderr=subprocess.DEVNULL,
                check=False,
            )


def pagina(pasta: str) -> None:
    """O servidor de HTTP que vem com o Python, sobre uma pasta vazia."""
    os.chdir(pasta)
    molde = http.server.SimpleHTTPRequestHandler
    with http.server.HTTPServer(("127.0.0.1", 0), molde) as servidor:
        escutando(servidor.server_port)
        servidor.handle_request()


def redis(pasta: str) -> None:
    """Um Redis que não guarda nada, em uma porta que estava livre."""
    with socket.create_server(("127.0.0.1", 0)) as reserva:
        porta = reserva.getsockname()[1]
    comando = ["redis-server", "--bind", "127.0.0.1", "--port", str(porta)]
    comando += ["--save", "", "--appendonly", "no", "--dir", pasta]
    banco = subprocess.Popen(comando, stdout=subprocess.PIPE, text=True)
    try:
        assert banco.stdout is not None
        for linha in banco.stdout:
            if "eady to accept connections" in linha:
                escutando(porta)
    finally:
        banco.terminate()
        banco.wait()


if __name__ == "__main__":
    main()
