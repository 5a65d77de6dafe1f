// Os relatórios de uma turma, abertos do disco como quem ensina os abre.
//
//     node relatorio.mjs RELATORIO.html...
//
// Acessível nos dois temas e em três larguras, com tudo aberto; nada sobra
// para o lado; nenhum pedido além do próprio arquivo; nenhuma queixa.

import { chromium } from "playwright-core";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { conferir, fechar } from "./relato.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const NAVEGADOR = process.env.CHROMIUM ?? "/usr/bin/chromium";
const LARGURAS = [360, 768, 1366];
const TEMAS = ["light", "dark"];
const REGRAS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const arquivos = process.argv.slice(2);
if (!arquivos.length) {
  console.error("uso: node relatorio.mjs RELATORIO.html...");
  process.exit(2);
}

/** A página com tudo aberto, e o que ela pediu e de que reclamou. */
async function abrir(contexto, endereco) {
  const aba = await contexto.newPage();
  const pedidos = [];
  const queixas = [];
  aba.on("request", (pedido) => pedidos.push(pedido.url()));
  aba.on("pageerror", (erro) => queixas.push(erro.message));
  aba.on("console", (linha) => queixas.push(linha.text()));
  await aba.goto(endereco, { waitUntil: "load" });
  await aba.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  return { aba, pedidos, queixas };
}

async function acessivel(aba) {
  await aba.evaluate(AXE);
  const { violations } = await aba.evaluate(
    (regras) => window.axe.run(document, { runOnly: regras, resultTypes: ["violations"] }), REGRAS,
  );
  return violations.map((v) => `${v.id} em ${v.nodes[0].target.join(" ")} (${v.nodes.length})`);
}

async function conferirTela(navegador, endereco, tema, largura) {
  const onde = `${basename(endereco)}, ${tema}, ${largura} px`;
  // O axe é posto na página por fora; a política dela o proibiria.
  const contexto = await navegador.newContext({
    colorScheme: tema, viewport: { width: largura, height: 900 }, bypassCSP: true,
  });
  const { aba, pedidos, queixas } = await abrir(contexto, endereco);
  conferir(pedidos.length === 1, `${onde}: um pedido só`, pedidos.join(" "));
  conferir(queixas.length === 0, `${onde}: nenhuma queixa`, queixas.join(" | "));
  const sobra = await aba.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  conferir(sobra <= 0, `${onde}: nada sobra para o lado`, sobra);
  const violacoes = await acessivel(aba);
  conferir(violacoes.length === 0, `${onde}: acessível`, violacoes.join("; "));
  await contexto.close();
}

/** Com a política valendo: nem o texto hostil de um aluno vira script. */
async function conferirPolitica(navegador, endereco) {
  const contexto = await navegador.newContext();
  const { aba, queixas } = await abrir(contexto, endereco);
  conferir(queixas.length === 0, `${basename(endereco)}: nada a reclamar com a política valendo`, queixas.join(" | "));
  const scripts = await aba.evaluate(() => document.scripts.length);
  conferir(scripts === 0, `${basename(endereco)}: nenhum script`, scripts);
  await contexto.close();
}

const navegador = await chromium.launch({ executablePath: NAVEGADOR, args: ["--no-sandbox"] });
try {
  for (const arquivo of arquivos) {
    const endereco = pathToFileURL(resolve(arquivo)).href;
    for (const tema of TEMAS) {
      for (const largura of LARGURAS) await conferirTela(navegador, endereco, tema, largura);
    }
    await conferirPolitica(navegador, endereco);
  }
} finally {
  await navegador.close();
}
process.exitCode = fechar();
