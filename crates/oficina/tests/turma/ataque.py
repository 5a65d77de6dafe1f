"""Tenta tudo o que uma entrega não pode; só ecoa certo se conseguir algo.

Cada tentativa que dá certo é escrita na saída, depois de “consegui”. Quem
gera a turma põe no lugar de @ALVOS@ o que se tenta ler e escrever, e no de
@PORTA@ uma porta em que alguém escuta fora do cerco.
"""
import os
import signal
import socket
import sys

ALVOS = @ALVOS@
PORTA = @PORTA@
RELATORIO = '{"aluno":"eu","situacao":"conferida","etapas":[]}'


def tentar(nome, tentativa):
    try:
        tentativa()
    except (OSError, ValueError):
        return False
    print(f"consegui: {nome}", flush=True)
    return True


def ler(alvo):
    if os.path.isdir(alvo):
        if not os.listdir(alvo):
            raise OSError("vazia")
    elif not open(alvo, "rb").read():
        raise OSError("vazio")


def escrever(alvo):
    if os.path.isdir(alvo):
        alvo = os.path.join(alvo, "invadido")
    with open(alvo, "a") as arquivo:
        arquivo.write(RELATORIO)


def conectar():
    socket.create_connection(("127.0.0.1", PORTA), 1).close()


def sair_da_maquina():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as saida:
        saida.sendto(b"oi", ("192.0.2.1", 53))


def ver_outros_processos():
    outros = [p for p in os.listdir("/proc") if p.isdigit()]
    for pid in outros:
        linha = open(f"/proc/{pid}/cmdline", "rb").read()
        if b"turma" in linha:
            return
    raise OSError("só os meus")


def mexer_na_raiz():
    os.mkdir("/invadido")


def main():
    print(RELATORIO, flush=True)
    print("vez\npronto\n5 de 5 etapas passaram. Exercício resolvido!")
    tentativas = [tentar(f"ler {a}", lambda a=a: ler(a)) for a in ALVOS]
    tentativas += [
        tentar(f"escrever em {a}", lambda a=a: escrever(a)) for a in ALVOS
    ]
    tentativas += [
        tentar("conectar fora do cerco", conectar),
        tentar("sair da máquina", sair_da_maquina),
        tentar("ver outros processos", ver_outros_processos),
        tentar("escrever na raiz", mexer_na_raiz),
    ]
    deixar_daemon()
    if not any(tentativas):
        matar_quem_confere()
        sys.exit(0)
    ecoar()


def matar_quem_confere():
    # Fora do namespace próprio isto atingiria a máquina: só tenta lá dentro.
    if b"__cerco" not in open("/proc/1/cmdline", "rb").read():
        return
    # O kernel aceita o sinal ao processo 1 e o descarta: se alcançasse quem
    # confere, não haveria registro desta entrega.
    for alvo in (os.getppid(), 1, -1):
        try:
            os.kill(alvo, signal.SIGKILL)
        except OSError:
            pass


def deixar_daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 256)
            os.execvp("sleep", ["sleep", "@MARCA@"])
        os._exit(0)
    os.wait()


def ecoar():
    host, _, porta = sys.argv[1].rpartition(":")
    with socket.create_server((host, int(porta))) as ouvinte:
        while True:
            conexao, _ = ouvinte.accept()
            with conexao:
                try:
                    while dados := conexao.recv(4096):
                        conexao.sendall(dados)
                except OSError:
                    pass


main()
