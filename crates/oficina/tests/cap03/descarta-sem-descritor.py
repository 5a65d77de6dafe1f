# mutante: etapa=descritores codigo=fechou-cedo
import os
import socket
import stat
import sys
import time

ENDERECO = "127.0.0.1:7003"
FILA = 128
TAMANHO_DO_BUFFER = 4096
PAUSA = 0.1


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    try:
        ouvinte = escutar(endereco)
    except OSError as erro:
        sys.exit(f"não consegui escutar em {endereco} ({erro})")
    print(f"escutando em {endereco}", flush=True)
    servir(ouvinte)


def escutar(endereco: str) -> socket.socket:
    """Abre o socket de escuta: `endereço:porta` ou `unix:/caminho`."""
    if endereco.startswith("unix:"):
        ouvinte = associar_unix(endereco.removeprefix("unix:"))
    else:
        ouvinte = associar(endereco)
    ouvinte.listen(FILA)
    return ouvinte


def associar(endereco: str) -> socket.socket:
    """Um socket IPv4, ou IPv6 que atende também IPv4."""
    host, _, porta = endereco.rpartition(":")
    enderecos = socket.getaddrinfo(
        host.strip("[]"), porta, type=socket.SOCK_STREAM
    )
    familia, tipo, protocolo, _, onde = enderecos[0]
    ouvinte = socket.socket(familia, tipo, protocolo)
    if os.name == "posix":  # No Windows, a opção faz outra coisa.
        ouvinte.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if familia == socket.AF_INET6:
        ouvinte.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    ouvinte.bind(onde)
    return ouvinte


def associar_unix(caminho: str) -> socket.socket:
    """Um socket Unix; o que uma execução anterior deixou é apagado."""
    if os.path.lexists(caminho):
        if not stat.S_ISSOCK(os.lstat(caminho).st_mode):
            sys.exit(f"{caminho} não é um socket")
        os.remove(caminho)
    ouvinte = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    ouvinte.bind(caminho)
    return ouvinte


def servir(ouvinte: socket.socket) -> None:
    """Atende um cliente depois do outro, para sempre."""
    reserva = os.open("/dev/null", os.O_RDONLY)
    while True:
        try:
            conexao, _ = ouvinte.accept()
        except OSError as erro:
            print(f"não consegui aceitar ({erro})", file=sys.stderr)
            time.sleep(PAUSA)
            # Com um descritor de reserva, aceita quem espera e o descarta.
            os.close(reserva)
            ouvinte.accept()[0].close()
            reserva = os.open("/dev/null", os.O_RDONLY)
            continue
        try:
            ecoar(conexao)
        except OSError as erro:
            print(f"um cliente caiu ({erro})", file=sys.stderr)


def ecoar(conexao: socket.socket) -> None:
    """Devolve cada byte recebido, até o cliente encerrar o lado dele."""
    with conexao:
        while dados := conexao.recv(TAMANHO_DO_BUFFER):
            while dados:
                dados = dados[conexao.send(dados) :]


if __name__ == "__main__":
    main()
