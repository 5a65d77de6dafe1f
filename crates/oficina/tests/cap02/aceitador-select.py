# aceitador
import errno
import os
import select
import socket
import sys
import time


def main():
    destinos = [separar(argumento) for argumento in sys.argv[1:]]
    for argumento, destino in zip(sys.argv[1:], destinos):
        try:
            achados = socket.getaddrinfo(*destino, type=socket.SOCK_STREAM)
        except socket.gaierror:
            print(argumento, "sem endereço", flush=True)
            continue
        for familia, _, _, _, onde in achados:
            palavra = experimentar(familia, onde)
            ip = f"[{onde[0]}]" if ":" in onde[0] else onde[0]
            print(f"{ip}:{onde[1]} {palavra}", flush=True)
            if palavra == "conectou":
                return 0
    return 1


def separar(argumento):
    partes = argumento.rsplit(":", 1)
    if len(partes) == 2 and partes[1].isdigit() and int(partes[1]) < 65536:
        return partes[0].strip("[]"), int(partes[1])
    os.write(2, f"{argumento}: esperava host:porta\n".encode())
    sys.exit(2)


def experimentar(familia, onde):
    conexao = socket.socket(familia, socket.SOCK_STREAM)
    conexao.setblocking(False)
    codigo = conexao.connect_ex(onde)
    if codigo == errno.EINPROGRESS:
        if not select.select([], [conexao], [], 1)[1]:
            return "tempo esgotado"
        codigo = conexao.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if codigo:
        return "recusada" if codigo == errno.ECONNREFUSED else "falhou"
    fim = time.monotonic() + 1
    linha = b""
    while not linha.endswith(b"\n"):
        resta = max(0, fim - time.monotonic())
        if not select.select([conexao], [], [], resta)[0]:
            return "não saudou"
        try:
            pedaco = conexao.recv(100)
        except OSError:
            return "não saudou"
        if not pedaco:
            return "não saudou"
        linha += pedaco
    try:
        conexao.send(linha)
    except OSError:
        return "não saudou"
    return "conectou"


sys.exit(main())
