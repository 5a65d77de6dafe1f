# mutante: etapa=binario codigo=M04
import codecs
import socket
import sys


def main() -> None:
    host, _, porta = sys.argv[1].rpartition(":")
    with socket.create_server((host, int(porta))) as ouvinte:
        while True:
            conexao, _ = ouvinte.accept()
            try:
                with conexao:
                    atender(conexao)
            except OSError as erro:
                print(erro, flush=True)


def atender(conexao: socket.socket) -> None:
    """Junta os pedaços de cada caractere, mas conta que tudo seja texto."""
    decodificador = codecs.getincrementaldecoder("utf-8")("replace")
    while dados := conexao.recv(4096):
        conexao.sendall(decodificador.decode(dados).encode("utf-8"))


main()
