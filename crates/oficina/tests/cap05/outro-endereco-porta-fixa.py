# mutante: etapa=eco codigo=outro-endereco
import socket

# A porta do livro, e não a do argumento.
with socket.create_server(("127.0.0.1", 7005)) as ouvinte:
    while True:
        conexao, _ = ouvinte.accept()
        with conexao:
            try:
                while dados := conexao.recv(4096):
                    conexao.sendall(dados)
            except OSError as erro:
                print(erro, flush=True)
