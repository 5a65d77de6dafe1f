# aceitador
import socket
import stat
import sys
import threading
import time
from pathlib import Path


def main() -> None:
    endereco = sys.argv[1]
    if endereco.startswith("unix:"):
        ouvinte = unix(Path(endereco.removeprefix("unix:")))
    else:
        host, _, porta = endereco.rpartition(":")
        host = host.strip("[]")
        familia = socket.AF_INET6 if ":" in host else socket.AF_INET
        ouvinte = socket.create_server(
            (host, int(porta)),
            family=familia,
            backlog=64,
            dualstack_ipv6=host == "::",
        )
    while True:
        try:
            conexao, _ = ouvinte.accept()
        except OSError:
            time.sleep(0.4)
            continue
        threading.Thread(target=ecoar, args=(conexao,), daemon=True).start()


def unix(caminho: Path) -> socket.socket:
    ouvinte = socket.socket(socket.AF_UNIX)
    if caminho.exists() and stat.S_ISSOCK(caminho.lstat().st_mode):
        caminho.unlink()
    ouvinte.bind(str(caminho))
    ouvinte.listen()
    return ouvinte


def ecoar(conexao: socket.socket) -> None:
    with conexao:
        while dados := conexao.recv(65536):
            conexao.sendall(dados)


main()
