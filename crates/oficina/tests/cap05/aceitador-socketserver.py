# aceitador
import socketserver
import sys


class Eco(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        try:
            while dados := self.request.recv(4096):
                self.request.sendall(dados)
        except OSError as erro:
            print(erro, flush=True)


class Servidor(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


host, _, porta = sys.argv[1].rpartition(":")
with Servidor((host, int(porta)), Eco) as servidor:
    servidor.serve_forever()
