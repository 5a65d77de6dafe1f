# aceitador
import selectors
import socket
import sys

LIMITE = 65_536


def main() -> None:
    host, _, porta = sys.argv[1].rpartition(":")
    seletor = selectors.DefaultSelector()
    ouvinte = socket.create_server((host, int(porta)))
    ouvinte.setblocking(False)
    seletor.register(ouvinte, selectors.EVENT_READ)
    pendentes: dict[socket.socket, bytearray] = {}
    while True:
        for chave, eventos in seletor.select():
            if chave.fileobj is ouvinte:
                conexao, _ = ouvinte.accept()
                conexao.setblocking(False)
                pendentes[conexao] = bytearray()
                seletor.register(conexao, selectors.EVENT_READ, True)
                continue
            conexao = chave.fileobj
            try:
                viva = andar(
                    seletor, conexao, pendentes[conexao], chave.data, eventos
                )
            except OSError:
                viva = False
            if not viva:
                seletor.unregister(conexao)
                del pendentes[conexao]
                conexao.close()


def andar(seletor, conexao, pendente, lendo, eventos) -> bool:
    if eventos & selectors.EVENT_READ:
        dados = conexao.recv(LIMITE)
        lendo = bool(dados)
        pendente += dados
    if eventos & selectors.EVENT_WRITE:
        del pendente[: conexao.send(pendente)]
    if not lendo and not pendente:
        return False
    interesse = 0
    if lendo and len(pendente) < LIMITE:
        interesse |= selectors.EVENT_READ
    if pendente:
        interesse |= selectors.EVENT_WRITE
    seletor.modify(conexao, interesse, lendo)
    return True


main()
