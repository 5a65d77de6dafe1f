# aceitador
import socket
import sys


def main():
    destinos = []
    for argumento in sys.argv[1:]:
        host, _, porta = argumento.rpartition(":")
        try:
            numero = int(porta)
            if not host or not 0 <= numero < 65536:
                raise ValueError
        except ValueError:
            sys.stderr.write(f"argumento torto: {argumento}\n")
            sys.exit(2)
        destinos.append((host.strip("[]"), numero))
    for argumento, destino in zip(sys.argv[1:], destinos):
        percorrer(argumento, destino)
    sys.exit(1)


def percorrer(argumento, destino):
    try:
        achados = socket.getaddrinfo(*destino, proto=socket.IPPROTO_TCP)
    except OSError:
        print(argumento, "sem endereço")
        return
    for achado in achados:
        ip, porta = achado[4][:2]
        palavra = experimentar(ip, porta)
        print(f"[{ip}]:{porta}" if ":" in ip else f"{ip}:{porta}", palavra)
        if palavra == "conectou":
            sys.exit(0)


def experimentar(ip, porta):
    # Um IP tem um endereço só: create_connection não tem o que percorrer.
    try:
        conexao = socket.create_connection((ip, porta), timeout=1)
    except ConnectionRefusedError:
        return "recusada"
    except TimeoutError:
        return "tempo esgotado"
    except OSError:
        return "falhou"
    linha = b""
    try:
        while not linha.endswith(b"\n"):
            pedaco = conexao.recv(3)
            if not pedaco:
                return "não saudou"
            linha += pedaco
        conexao.sendall(linha)
    except OSError:
        return "não saudou"
    return "conectou"


main()
