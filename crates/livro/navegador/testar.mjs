// Os testes do livro em um navegador de verdade:
//
//     node crates/livro/navegador/testar.mjs PASTA            o livro montado
//     node crates/livro/navegador/testar.mjs PASTA --sem-farol
//     node crates/livro/navegador/testar.mjs PASTA --so cap05-servidor-tcp.html
//
// PASTA é a saída de `cargo run -- construir`. O navegador é o Chromium do
// sistema (variável CHROMIUM, ou /usr/bin/chromium).

import { createServer } from "node:net";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { conferirBlocos } from "./blocos.mjs";
import { conferirFarol } from "./farol.mjs";
import { conferirPagina } from "./pagina.mjs";
import { conferirBusca, conferirSemServidor } from "./procura.mjs";
import { conferir, fechar, tabela } from "./relato.mjs";
import { paginasDe, servir } from "./servidor.mjs";

const NAVEGADOR = process.env.CHROMIUM ?? "/usr/bin/chromium";
const OPCOES_DO_NAVEGADOR = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const PAGINAS_AO_MESMO_TEMPO = 2;

async function portaLivre() {
  const servidor = createServer();
  await new Promise((pronto) => servidor.listen(0, "127.0.0.1", pronto));
  const { port } = servidor.address();
  await new Promise((pronto) => servidor.close(pronto));
  return port;
}

/** As páginas, duas por vez. Devolve as linhas da tabela, em ordem. */
async function todasAsPaginas(navegador, base, paginas) {
  const linhas = [];
  const fila = [...paginas.entries()];
  const trabalhar = async () => {
    for (let vez = fila.shift(); vez; vez = fila.shift()) {
      linhas[vez[0]] = await conferirPagina(navegador, base, vez[1]);
    }
  };
  await Promise.all(Array.from({ length: PAGINAS_AO_MESMO_TEMPO }, trabalhar));
  return linhas;
}

async function papelInteiro(navegador, base) {
  const aba = await navegador.newPage();
  await aba.goto(`${base}print.html`);
  const pdf = await aba.pdf({ preferCSSPageSize: true, outline: true, tagged: true });
  conferir(pdf.length > 20_000, "o livro inteiro vira PDF", `${pdf.length} bytes`);
  conferir(await aba.locator("h1").count() > 1, "a página de impressão traz todos os capítulos");
  await aba.close();
}

const { positionals: [pasta], values } = parseArgs({
  allowPositionals: true,
  options: { "sem-farol": { type: "boolean" }, so: { type: "string", multiple: true } },
});
if (!pasta) {
  console.error("uso: node testar.mjs PASTA-DO-LIVRO [--sem-farol] [--so PÁGINA]");
  process.exit(2);
}
const { endereco: base, desligar } = await servir(resolve(pasta));
const porta = await portaLivre();
const navegador = await chromium.launch({
  executablePath: NAVEGADOR,
  args: [...OPCOES_DO_NAVEGADOR, `--remote-debugging-port=${porta}`],
});
try {
  const paginas = await paginasDe(resolve(pasta));
  const escolhidas = values.so ?? paginas;
  const linhas = await todasAsPaginas(navegador, base, escolhidas);
  tabela("As páginas (360, 768 e 1366 px; claro e escuro)", [
    ["página", "pedidos", "kB", "kB de JS", "axe claro/escuro", "paradas do Tab"], ...linhas,
  ]);
  if (!values.so) {
    await conferirBlocos(navegador, base, paginas);
    await papelInteiro(navegador, base);
    await conferirBusca(navegador, base);
    await conferirSemServidor(navegador, resolve(pasta));
    if (!values["sem-farol"]) {
      const tres = ["index.html", "cap05-servidor-tcp.html", "glossario.html"];
      await conferirFarol(base, tres.filter((nome) => paginas.includes(nome)), porta);
    }
  }
} finally {
  await navegador.close();
  desligar();
}
process.exitCode = fechar();
