"""Confere um exercício e escreve `result.json` para o Classroom 50.

O Classroom 50 roda este programa na pasta do aluno, com as variáveis do
contrato (https://github.com/foundation50/classroom50/wiki/Advanced-Autograding).
Ao lado dele, `tarefa.json` diz o capítulo e o repositório modelo.

Do aluno vem só o programa: o corretor, o enunciado e os pontos são os do
modelo, em uma cópia nova. Sai com 0 se a conferência chegou ao fim, passe ou
não passe; com outro número, se quem falhou foi o corretor.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from datetime import datetime, timezone
from pathlib import Path

PRAZO = 15 * 60
PASSOU, FALHOU, SEM_PROGRAMA = 0, 1, 3


def main():
    tarefa = json.loads((pasta_do_pacote() / "tarefa.json").read_text())
    with tempfile.TemporaryDirectory() as pasta:
        modelo = Path(pasta) / "modelo"
        clonar(tarefa["modelo"], modelo)
        permitir_rede_privada()
        capitulo = achar_capitulo(modelo, tarefa["capitulo"])
        programa = trazer_programa(modelo, capitulo, tarefa.get("linguagem"))
        relatorio = conferir(modelo, capitulo, programa)
        pontos = ler_pontos(modelo, capitulo)
    resultado = montar(relatorio, pontos)
    texto = json.dumps(resultado, ensure_ascii=False, indent=2)
    Path("result.json").write_text(texto, encoding="utf-8")
    print(f"{resultado['score']}/{resultado['max-score']} pontos")


def pasta_do_pacote():
    """Onde estão os arquivos que só o professor edita."""
    aqui = Path(__file__).resolve().parent
    return Path(os.environ.get("CLASSROOM50_BUNDLE_DIR") or aqui)


def clonar(origem, destino):
    comando = ["git", "clone", "--quiet", "--depth", "1", origem, destino]
    subprocess.run(comando, check=True, timeout=PRAZO)


def permitir_rede_privada():
    """No Ubuntu novo, o AppArmor proíbe os namespaces; sem eles, o corretor
    ainda confere, com um isolamento mais fraco."""
    if shutil.which("sudo"):
        ajuste = "kernel.apparmor_restrict_unprivileged_userns=0"
        subprocess.run(
            ["sudo", "-n", "sysctl", "-qw", ajuste],
            check=False,
            stderr=subprocess.DEVNULL,
        )


def achar_capitulo(modelo, curto):
    return next(modelo.glob(f"crates/{curto}-*"))


def trazer_programa(modelo, capitulo, linguagem):
    """Copia o exercício do aluno para o modelo, e devolve como iniciá-lo."""
    curto = capitulo.name.split("-")[0]
    if linguagem == "python":
        relativo = f"python/{curto}-exercicio.py"
    else:
        relativo = f"src/bin/{curto}-exercicio.rs"
    do_aluno = Path("crates") / capitulo.name / relativo
    if do_aluno.is_symlink() or not do_aluno.is_file():
        print(f"não achei {do_aluno} na entrega", file=sys.stderr)
        do_aluno = os.devnull
    destino = capitulo / relativo
    destino.write_bytes(Path(do_aluno).read_bytes())
    return ["--", "python3", str(destino)] if linguagem == "python" else []


def conferir(modelo, capitulo, programa):
    """O relatório em JSON do corretor do modelo."""
    comando = ["cargo", "run", "--quiet", "--package", "oficina", "--"]
    comando += ["conferir", capitulo.name, "--formato", "json", *programa]
    saida = subprocess.run(
        comando, cwd=modelo, stdout=subprocess.PIPE, timeout=PRAZO, check=False
    )
    if saida.returncode not in (PASSOU, FALHOU, SEM_PROGRAMA):
        sys.exit(f"o corretor saiu com {saida.returncode}")
    return json.loads(saida.stdout)


def ler_pontos(modelo, capitulo):
    texto = (capitulo / "exercicio.toml").read_text(encoding="utf-8")
    return {etapa["id"]: etapa["pontos"] for etapa in tomllib.loads(texto)["etapas"]}


def montar(relatorio, pontos):
    """O documento `classroom50/result/v1`: chaves com hífen, notas inteiras."""
    testes = [teste(etapa, pontos[etapa["id"]]) for etapa in relatorio["etapas"]]
    dono = os.environ.get("OWNER") or os.environ["USERNAME"]
    agora = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "schema": "classroom50/result/v1",
        "classroom": os.environ["CLASSROOM"],
        "assignment": os.environ["ASSIGNMENT"],
        "assignment_type": os.environ.get("ASSIGNMENT_TYPE") or "individual",
        "owner": dono,
        "submission": os.environ["SUBMISSION_TAG"],
        "commit": os.environ["COMMIT_URL"],
        "release": os.environ["RELEASE_URL"],
        "review": os.environ.get("REVIEW_URL") or os.environ["COMMIT_URL"],
        "datetime": agora,
        "score": sum(teste["score"] for teste in testes),
        "max-score": sum(teste["max-score"] for teste in testes),
        "tests": testes,
    }


def teste(etapa, vale):
    passou = etapa["situacao"] == "passou"
    diagnostico = etapa["diagnostico"] or {}
    return {
        "test-name": f"{etapa['numero']}. {etapa['nome']}",
        "passed": passou,
        "score": vale if passou else 0,
        "max-score": vale,
        "message": diagnostico.get("mensagem") or "",
    }


if __name__ == "__main__":
    main()
