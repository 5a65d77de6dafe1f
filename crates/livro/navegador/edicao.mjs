// Quanto passa entre salvar uma página e ela estar desenhada em um navegador de
// verdade. Muda e devolve as páginas da pasta dada: use uma cópia do livro.
//
//     git clone . /tmp/copia && cargo build -p livro
//     node crates/livro/navegador/edicao.mjs /tmp/copia target/debug/livro

import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

const VEZES = 10;
const PRAZO = 10_000;
const META = 300;
const PAGINAS = ["cap05-servidor-tcp", "introducao"];

const [pasta, programa] = process.argv.slice(2).map((p) => path.resolve(p));
if (!programa) {
  console.error("uso: node edicao.mjs PASTA-DA-COPIA PROGRAMA-LIVRO");
  process.exit(2);
}

const servidor = spawn(programa, ["--porta", "0", "--sem-navegador"], { cwd: pasta });
const navegador = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  const raiz = await endereco();
  for (const pagina of PAGINAS) {
    const tempos = await editar(raiz, pagina);
    const mediana = (tempos[VEZES / 2 - 1] + tempos[VEZES / 2]) / 2;
    console.log(`${pagina}: mediana ${mediana} ms (meta ${META}); ${tempos.join(" ")}`);
    if (mediana > META) process.exitCode = 1;
  }
} finally {
  await navegador.close();
  servidor.kill("SIGINT");
}

function endereco() {
  return new Promise((pronto, falha) => {
    setTimeout(() => falha(new Error("o livro não foi servido a tempo")), PRAZO).unref();
    servidor.stdout.on("data", (dados) => {
      const achado = /http:\/\/[\d.:]+/.exec(String(dados));
      if (achado) pronto(achado[0]);
    });
  });
}

async function editar(raiz, pagina) {
  const arquivo = path.join(pasta, "book", `${pagina}.md`);
  const original = fs.readFileSync(arquivo, "utf8");
  const aberta = await navegador.newPage();
  const tempos = [];
  try {
    await aberta.goto(`${raiz}/${pagina}.html`);
    for (let vez = 0; vez < VEZES; vez += 1) {
      const marca = `edicao${vez}de${process.pid}`;
      const inicio = performance.now();
      fs.writeFileSync(arquivo, `${original}\n${marca}\n`);
      await aberta.waitForFunction(
        (texto) => document.body?.textContent.includes(texto),
        marca,
        { polling: "raf", timeout: PRAZO },
      );
      tempos.push(Math.round(performance.now() - inicio));
    }
  } finally {
    fs.writeFileSync(arquivo, original);
    await aberta.close();
  }
  return tempos.sort((a, b) => a - b);
}
