"""Cliente hostil: combina o formato das linhas e envia 64 MiB de uma linha
que nunca termina.

python3 crates/cap06-enquadramento/python/cap06-sem-fim.py 127.0.0.1:7006
"""

import socket
import sys

ENDERECO = "127.0.0.1:7006"
# O formato do exercício; quem só lê linhas o toma por uma linha curta.
FORMATO = b"linhas\n"
UM_MEBIBYTE = 1024 * 1024
MEBIBYTES = 64
PRAZO = 5.0


def main() -> None:
    endereco = sys.argv[1] if len(sys.argv) > 1 else ENDERECO
    sem_fim = b"x" * UM_MEBIBYTE
    with socket.create_connection(separar(endereco), timeout=PRAZO) as conexao:
        conexao.sendall(FORMATO)
        for enviados in range(MEBIBYTES):
            try:
                conexao.sendall(sem_fim)
            except OSError as erro:
                sys.exit(f"o servidor desistiu após {enviados} MiB ({erro})")
    print(f"enviei {MEBIBYTES} MiB sem nenhum fim de linha")


def separar(endereco: str) -> tuple[str, int]:
    """Divide "127.0.0.1:7006" em host e porta."""
    host, _, porta = endereco.rpartition(":")
    return host, int(porta)


if __name__ == "__main__":
    main()
