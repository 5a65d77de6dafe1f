"""Uma etapa do professor: o eco devolve uma frase que só ela conhece."""
import socket
import sys

FRASE = "segredo do professor, com acentuação".encode()

host, _, porta = sys.argv[1].rpartition(":")
with socket.create_connection((host, int(porta)), 5) as conexao:
    conexao.sendall(FRASE)
    conexao.shutdown(socket.SHUT_WR)
    volta = b""
    while parte := conexao.recv(4096):
        volta += parte
if volta == FRASE:
    print("a frase voltou inteira")
    sys.exit(0)
print(f"esperava {len(FRASE)} bytes de volta, e vieram {len(volta)}")
sys.exit(1)
