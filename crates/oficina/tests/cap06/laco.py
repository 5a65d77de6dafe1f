# aceitador
"""Um laço de eventos: todos os clientes em uma thread só."""

import selectors
import socket
import sys

LIMITE = 1024
LONGA = "erro: mensagem longa demais"
INCOMPLETA = "erro: mensagem incompleta"


class Cliente:
    def __init__(self, conexao):
        self.conexao = conexao
        self.guardados = b""
        self.formato = None

    def chegou(self, dados):
        """Responde ao que se completou; falso quando acabou."""
        self.guardados += dados
        while (mensagem := self.retirar()) is not None:
            if mensagem is LongaDemais:
                self.responder(LONGA)
                return False
            if self.formato is None:
                if mensagem not in (b"linhas", b"prefixo"):
                    return False
                self.formato = mensagem
                self.conexao.sendall(b"pronto\n")
            else:
                texto = mensagem.decode()
                self.responder(f"{len(texto)} {texto}")
        if not dados and self.guardados and self.formato:
            self.responder(INCOMPLETA)
        return bool(dados)

    def retirar(self):
        """A próxima mensagem, `None` se falta, `LongaDemais` se passa."""
        if self.formato == b"prefixo":
            comeco = 2
            if len(self.guardados) < 2:
                return None
            fim = 2 + int.from_bytes(self.guardados[:2], "big")
            depois = fim
        else:
            comeco = 0
            fim = self.guardados.find(b"\n")
            if fim < 0:
                longa = len(self.guardados) > LIMITE
                return LongaDemais if longa else None
            depois = fim + 1
        if fim - comeco > LIMITE:
            return LongaDemais
        if len(self.guardados) < depois:
            return None
        mensagem = self.guardados[comeco:fim]
        self.guardados = self.guardados[depois:]
        return mensagem

    def responder(self, texto):
        corpo = texto.encode()
        if self.formato == b"prefixo":
            self.conexao.sendall(len(corpo).to_bytes(2, "big") + corpo)
        else:
            self.conexao.sendall(corpo + b"\n")


class LongaDemais:
    pass


def main():
    host, _, porta = sys.argv[1].rpartition(":")
    ouvinte = socket.create_server((host, int(porta)))
    seletor = selectors.DefaultSelector()
    seletor.register(ouvinte, selectors.EVENT_READ)
    while True:
        for chave, _ in seletor.select():
            if chave.fileobj is ouvinte:
                conexao, _ = ouvinte.accept()
                seletor.register(
                    conexao, selectors.EVENT_READ, Cliente(conexao)
                )
                continue
            try:
                vivo = chave.data.chegou(chave.fileobj.recv(4096))
            except OSError:
                vivo = False
            if not vivo:
                seletor.unregister(chave.fileobj)
                chave.fileobj.close()


main()
