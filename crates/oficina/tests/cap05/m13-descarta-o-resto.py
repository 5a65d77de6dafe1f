# mutante: etapa=meio_fechamento codigo=M13
import queue
import socket
import sys
import threading


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


def escrever(conexao: socket.socket, fila: queue.SimpleQueue[bytes]) -> None:
    try:
        while True:
            conexao.sendall(fila.get())
    except OSError:
        return


def atender(conexao: socket.socket) -> None:
    """Uma thread lê, outra escreve; no fim, fecha sem esperar a escrita."""
    fila: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    escrita = threading.Thread(
        target=escrever, args=(conexao, fila), daemon=True
    )
    escrita.start()
    while dados := conexao.recv(4096):
        fila.put(dados)
    conexao.shutdown(socket.SHUT_RDWR)


main()
