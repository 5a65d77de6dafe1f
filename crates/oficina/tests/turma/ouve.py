"""Uma etapa do professor para um cliente: ele conecta e diz alguma coisa?"""
import socket
import sys

host, _, porta = sys.argv[1].rpartition(":")
with socket.create_server((host, int(porta))) as ouvinte:
    ouvinte.settimeout(5)
    conexao, _ = ouvinte.accept()
    with conexao:
        conexao.settimeout(5)
        disse = conexao.recv(100)
print(f"o cliente disse {len(disse)} bytes")
sys.exit(0 if disse else 1)
