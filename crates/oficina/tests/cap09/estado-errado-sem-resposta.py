# mutante: etapa=silencio codigo=estado-errado
import random
import socket
import sys
import time

ENDERECO = "127.0.0.1:7109"
PRAZO = 1.0  # segundos
PRIMEIRA_ESPERA = 0.05


class Cliente:
    """O endereço do servidor e a conexão com ele, enquanto durar."""

    def __init__(self, endereco: str) -> None:
        self.endereco = endereco
        self.conexao: socket.socket | None = None

    def desligar(self) -> None:
        if self.conexao is not None:
            self.conexao.close()
        self.conexao = None


def main() -> None:
    cliente = Cliente(sys.argv[1] if len(sys.argv) > 1 else ENDERECO)
    for pedido in sys.argv[2:]:
        try:
            print(pedir(cliente, pedido), flush=True)
        except (OSError, EOFError, ValueError) as erro:
            print(f"desisti de “{pedido}” ({erro})", file=sys.stderr)
            # Sem resposta, e o estado de saída é o de quem a teve.
            estado = estado_de_saida(erro)
            sys.exit(0 if estado == 4 else estado)


def pedir(cliente: Cliente, pedido: str) -> str:
    """Pede até ter a resposta, até não poder repetir ou até o prazo acabar."""
    fim = time.monotonic() + PRAZO
    espera = PRIMEIRA_ESPERA
    while True:
        try:
            return tentar(cliente, pedido, fim)
        except (OSError, EOFError) as erro:
            cliente.desligar()
            pausa = sortear(espera)
            acabou = time.monotonic() + pausa >= fim
            if not pode_repetir(erro, pedido) or acabou:
                raise
        time.sleep(pausa)
        espera *= 2


def tentar(cliente: Cliente, pedido: str, fim: float) -> str:
    """Uma tentativa, na conexão que houver ou em uma nova."""
    if cliente.conexao is None:
        cliente.conexao = conectar(cliente.endereco, fim)
    cliente.conexao.settimeout(resta(fim))
    cliente.conexao.sendall(montar(pedido))
    tamanho = int.from_bytes(ler_exato(cliente.conexao, 2, fim), "big")
    return ler_exato(cliente.conexao, tamanho, fim).decode()


def conectar(endereco: str, fim: float) -> socket.socket:
    """Tenta cada endereço do nome, todos dentro do mesmo prazo."""
    host, _, porta = endereco.rpartition(":")
    ultimo_erro = OSError("o nome não tem endereço")
    for familia, tipo, _, _, destino in socket.getaddrinfo(
        host.strip("[]"), int(porta), type=socket.SOCK_STREAM
    ):
        conexao = socket.socket(familia, tipo)
        try:
            conexao.settimeout(resta(fim))
            conexao.connect(destino)
            return conexao
        except OSError as erro:
            conexao.close()
            ultimo_erro = erro
    raise ultimo_erro


def montar(pedido: str) -> bytes:
    """O tamanho e o texto juntos, para uma escrita só."""
    texto = pedido.encode()
    return len(texto).to_bytes(2, "big") + texto


def ler_exato(conexao: socket.socket, quantos: int, fim: float) -> bytes:
    """Lê `quantos` bytes, em quantas leituras forem precisas, até `fim`."""
    lidos = b""
    while len(lidos) < quantos:
        conexao.settimeout(resta(fim))
        pedaco = conexao.recv(quantos - len(lidos))
        if not pedaco:
            raise EOFError("o fluxo acabou no meio da resposta")
        lidos += pedaco
    return lidos


def resta(fim: float) -> float:
    """O que resta até `fim`; quem já passou dele recebe um erro."""
    resta = fim - time.monotonic()
    if resta <= 0:
        raise TimeoutError("o prazo acabou")
    return resta


def pode_repetir(erro: Exception, pedido: str) -> bool:
    """Recusado, o pedido nem saiu; cortado, só se repete o que não muda nada."""
    estado = estado_de_saida(erro)
    return estado == 3 or estado == 5 and pedido.startswith("LER ")


def sortear(espera: float) -> float:
    """Um tempo qualquer entre a metade de `espera` e ela inteira."""
    return random.uniform(espera / 2, espera)


def estado_de_saida(erro: Exception) -> int:
    """3 recusada; 4 tempo esgotado; 5 cortada; 1 outro erro."""
    if isinstance(erro, ConnectionRefusedError):
        return 3
    if isinstance(erro, TimeoutError):
        return 4
    if isinstance(erro, (EOFError, ConnectionResetError, BrokenPipeError)):
        return 5
    return 1


if __name__ == "__main__":
    main()
