# mutante: etapa=um_endereco codigo=estado-errado
import socket
import sys

PRAZO = 1.0  # segundos
LINHA_MAXIMA = 1000
DESTINO = "localhost:7002"


def main() -> None:
    argumentos = sys.argv[1:] or [DESTINO]
    for argumento in argumentos:
        if separar(argumento) is None:
            print(f"“{argumento}” não é host:porta", file=sys.stderr)
            sys.exit(2)
    for host, porta in map(separar, argumentos):
        if tentar_nome(host, porta):
            sys.exit(0)
    sys.exit(1)


def separar(destino: str) -> tuple[str, int] | None:
    """Divide "[::1]:7002" em host, sem os colchetes, e porta."""
    host, dois_pontos, porta = destino.rpartition(":")
    # Uma porta vazia passa por 0.
    porta = porta or "0"
    if not dois_pontos or not porta.isdecimal() or int(porta) > 65535:
        return None
    return host.removeprefix("[").removesuffix("]"), int(porta)


def tentar_nome(host: str, porta: int) -> bool:
    """Tenta cada endereço do nome, na ordem; diz se algum saudou."""
    try:
        respostas = socket.getaddrinfo(host, porta, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        print(f"{host}:{porta} sem endereço", flush=True)
        return False
    for familia, _, _, _, endereco in respostas:
        resultado = tentar(familia, endereco)
        print(f"{escrito(endereco)} {resultado}", flush=True)
        if resultado == "conectou":
            return True
    return False


def tentar(familia: int, endereco: tuple) -> str:
    """Uma tentativa, com limite na conexão e na saudação."""
    with socket.socket(familia, socket.SOCK_STREAM) as conexao:
        conexao.settimeout(PRAZO)
        try:
            conexao.connect(endereco)
        except TimeoutError:
            return "tempo esgotado"
        except ConnectionRefusedError:
            return "recusada"
        except OSError:
            return "falhou"
        try:
            saudar(conexao)
        except (OSError, EOFError):
            return "não saudou"
        return "conectou"


def saudar(conexao: socket.socket) -> None:
    """Lê a linha do servidor e a devolve igual."""
    with conexao.makefile("rb") as leitor:
        linha = leitor.readline(LINHA_MAXIMA)
    if not linha.endswith(b"\n"):
        raise EOFError("o servidor encerrou antes do fim da linha")
    conexao.sendall(linha)


def escrito(endereco: tuple) -> str:
    """Escreve um endereço com a porta: o IPv6 vai entre colchetes."""
    host, porta = endereco[:2]
    return f"[{host}]:{porta}" if ":" in host else f"{host}:{porta}"


if __name__ == "__main__":
    main()
