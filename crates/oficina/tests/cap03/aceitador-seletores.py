# aceitador
import os
import selectors
import socket
import stat
import sys

LIMITE = 65_536
PAUSA = 0.2


def main() -> None:
    ouvinte = escutar(sys.argv[1])
    ouvinte.listen(64)
    ouvinte.setblocking(False)
    seletor = selectors.DefaultSelector()
    seletor.register(ouvinte, selectors.EVENT_READ)
    devidos: dict[socket.socket, bytearray] = {}
    aceitando = True
    while True:
        # Sem descritores, deixa de olhar para a fila por um momento.
        for chave, _ in seletor.select(None if aceitando else PAUSA):
            if chave.fileobj is not ouvinte:
                try:
                    andar(seletor, chave.fileobj, devidos)
                except OSError:
                    encerrar(seletor, chave.fileobj, devidos)
                continue
            try:
                conexao, _ = ouvinte.accept()
            except OSError:
                seletor.unregister(ouvinte)
                aceitando = False
                break
            conexao.setblocking(False)
            devidos[conexao] = bytearray()
            seletor.register(conexao, selectors.EVENT_READ)
        else:
            if not aceitando:
                seletor.register(ouvinte, selectors.EVENT_READ)
                aceitando = True


def escutar(endereco: str) -> socket.socket:
    if endereco.startswith("unix:"):
        caminho = endereco[5:]
        if os.path.exists(caminho):
            if not stat.S_ISSOCK(os.stat(caminho).st_mode):
                sys.exit(f"{caminho} é um arquivo comum")
            os.unlink(caminho)
        ouvinte = socket.socket(socket.AF_UNIX)
        ouvinte.bind(caminho)
        return ouvinte
    host, _, porta = endereco.rpartition(":")
    host = host.strip("[]")
    ouvinte = socket.socket(
        socket.AF_INET6 if ":" in host else socket.AF_INET
    )
    ouvinte.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if ":" in host:
        ouvinte.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    ouvinte.bind((host, int(porta)))
    return ouvinte


def andar(seletor, conexao, devidos) -> None:
    """Envia o que deve; sem dívida, lê mais. No fim do fluxo, encerra."""
    devido = devidos[conexao]
    if not devido:
        dados = conexao.recv(LIMITE)
        if not dados:
            encerrar(seletor, conexao, devidos)
            return
        devido += dados
    try:
        del devido[: conexao.send(devido)]
    except BlockingIOError:
        pass
    interesse = selectors.EVENT_WRITE if devido else selectors.EVENT_READ
    seletor.modify(conexao, interesse)


def encerrar(seletor, conexao, devidos) -> None:
    seletor.unregister(conexao)
    del devidos[conexao]
    conexao.close()


main()
