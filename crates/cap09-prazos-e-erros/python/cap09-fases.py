"""O que diz cada chamada quando o tempo acaba, e quando não é isso.

python3 crates/cap09-prazos-e-erros/python/cap09-fases.py
"""

import socket

ENDERECO = ("127.0.0.1", 0)
TEMPO_LIMITE = 0.3  # segundos
PEDACO = bytes(64 * 1024)


def main() -> None:
    mostrar("conectar, fila cheia", conectar_a_uma_fila_cheia)
    mostrar("conectar, ninguém escuta", conectar_a_ninguem)
    mostrar("ler, ele se cala", ler_do_silencio)
    mostrar("escrever, ele não lê", escrever_sem_leitor)
    mostrar("ler, não bloqueante", ler_sem_bloquear)
    mostrar("tempo limite de zero", tempo_limite_de_zero)


def mostrar(caso: str, experiencia) -> None:
    try:
        experiencia()
        print(f"{caso:<26} deu certo")
    except OSError as erro:
        numero = "-" if erro.errno is None else erro.errno
        print(f"{caso:<26} {type(erro).__name__:<22} {numero:>4}")


# ANCHOR: conectar_a_uma_fila_cheia
def conectar_a_uma_fila_cheia() -> None:
    """Uma fila em que cabe uma conexão, já ocupada: o SYN fica sem resposta."""
    with socket.socket() as ouvinte:
        ouvinte.bind(ENDERECO)
        ouvinte.listen(0)
        with socket.create_connection(ouvinte.getsockname()):
            destino = ouvinte.getsockname()
            socket.create_connection(destino, TEMPO_LIMITE).close()
# ANCHOR_END: conectar_a_uma_fila_cheia


def conectar_a_ninguem() -> None:
    """Uma porta com dono, em que ninguém escuta: a resposta é um RST."""
    with socket.socket() as mudo:
        mudo.bind(ENDERECO)
        socket.create_connection(mudo.getsockname(), TEMPO_LIMITE).close()


# ANCHOR: ler_do_silencio
def ler_do_silencio() -> None:
    conexao, calado = um_par()
    with conexao, calado:
        conexao.settimeout(TEMPO_LIMITE)
        conexao.recv(1)
# ANCHOR_END: ler_do_silencio


def escrever_sem_leitor() -> None:
    conexao, calado = um_par()
    with conexao, calado:
        conexao.settimeout(TEMPO_LIMITE)
        while True:
            conexao.sendall(PEDACO)  # até os buffers dos dois encherem


def ler_sem_bloquear() -> None:
    conexao, calado = um_par()
    with conexao, calado:
        conexao.setblocking(False)
        conexao.recv(1)


def tempo_limite_de_zero() -> None:
    """Em Python, zero quer dizer não bloqueante."""
    conexao, calado = um_par()
    with conexao, calado:
        conexao.settimeout(0)
        conexao.recv(1)


def um_par() -> tuple[socket.socket, socket.socket]:
    """Duas pontas da mesma conexão; a segunda não diz nem lê nada."""
    with socket.create_server(ENDERECO) as ouvinte:
        conexao = socket.create_connection(ouvinte.getsockname())
        calado, _ = ouvinte.accept()
        return conexao, calado


if __name__ == "__main__":
    main()
