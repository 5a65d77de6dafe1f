// A busca: 40 perguntas fixas (consultas.json), metade sem acentos, e a janela
// pelo teclado.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { conferir, numero, tabela } from "./relato.mjs";

const VISIVEIS = 12;
const RECALL = 0.95;
const PRECISAO = 0.8;
const KB_DO_INDICE = 80;
const MS_POR_RESPOSTA = 50;

/** Se o resultado é o esperado: `pagina.html#secao`, a página toda, ou `#m21` em qualquer uma. */
function serve(resultado, esperado) {
  if (esperado.startsWith("#")) return resultado.endsWith(esperado);
  return esperado.includes("#") ? resultado === esperado : resultado.split("#")[0] === esperado;
}

function avaliar({ pergunta, esperados, tambem = [] }, resultados) {
  const visiveis = resultados.slice(0, VISIVEIS);
  const achados = esperados.filter((e) => visiveis.some((r) => serve(r, e)));
  const cinco = visiveis.slice(0, 5);
  const bons = cinco.filter((r) => [...esperados, ...tambem].some((e) => serve(r, e)));
  return {
    pergunta,
    recall: achados.length / esperados.length,
    precisao: cinco.length ? bons.length / cinco.length : 0,
    faltam: esperados.filter((e) => !achados.includes(e)),
    sobram: cinco.filter((r) => !bons.includes(r)),
  };
}

async function perguntas(aba) {
  const { consultas } = JSON.parse(await readFile(new URL("consultas.json", import.meta.url), "utf8"));
  conferir(consultas.length === 40, "são 40 perguntas", consultas.length);
  const semAcento = consultas.filter(({ pergunta }) => /^[\x20-\x7e]*$/.test(pergunta));
  conferir(semAcento.length >= 20, "metade das perguntas não tem acento", semAcento.length);
  const lista = consultas.map(({ pergunta }) => pergunta);
  const respostas = await aba.evaluate((todas) => {
    window.buscaDoLivro.procurar("aquecer");
    return todas.map((pergunta) => {
      const inicio = performance.now();
      const resultados = window.buscaDoLivro.procurar(pergunta);
      return { ms: performance.now() - inicio, resultados: resultados.map((r) => r.endereco) };
    });
  }, lista);
  const notas = consultas.map((consulta, i) => avaliar(consulta, respostas[i].resultados));
  const media = (campo) => notas.reduce((total, nota) => total + nota[campo], 0) / notas.length;
  const tempos = respostas.map(({ ms }) => ms).sort((a, b) => a - b);
  for (const nota of notas.filter((n) => n.recall < 1 || n.precisao < 0.8)) {
    console.log(`  ${nota.pergunta}: faltam ${nota.faltam.join(" ") || "nenhum"}; sobram ${nota.sobram.join(" ") || "nenhum"}`);
  }
  conferir(media("recall") >= RECALL, "a busca acha o que existe", numero(media("recall") * 100));
  conferir(media("precisao") >= PRECISAO, "os cinco primeiros servem", numero(media("precisao") * 100));
  conferir(tempos.at(-1) <= MS_POR_RESPOSTA, `a busca responde em ${MS_POR_RESPOSTA} ms`, numero(tempos.at(-1)));
  return [numero(media("recall") * 100), numero(media("precisao") * 100), numero(tempos[20], 2), numero(tempos.at(-1), 2)];
}

/** Abre com `/`, escreve, desce, entra; depois abre de novo e fecha com Esc. */
async function peloTeclado(aba, base) {
  await aba.keyboard.press("/");
  const campo = aba.locator("dialog.busca input");
  await campo.waitFor();
  await aba.keyboard.type("conexao");
  await aba.waitForFunction(() => document.querySelector("dialog.busca .trecho mark"));
  const marcas = await aba.locator("dialog.busca mark").allInnerTexts();
  conferir(marcas.some((m) => /conex(ão|ões)/i.test(m)), "a busca marca conexão para quem escreve conexao", marcas.slice(0, 4).join(" "));
  const onde = await aba.locator("dialog.busca .onde").first().innerText();
  conferir(onde.length > 0, "o resultado diz em que página está");
  const dito = await aba.locator("dialog.busca [role=status]").innerText();
  conferir(/resultado/.test(dito), "a busca diz quantos achou", dito);
  await aba.keyboard.press("ArrowDown");
  await aba.keyboard.press("ArrowDown");
  await aba.keyboard.press("ArrowUp");
  const destino = await aba.evaluate(() => document.activeElement.href);
  conferir(destino?.startsWith(base), "as setas escolhem um resultado", destino);
  await aba.keyboard.press("Enter");
  await aba.waitForURL(destino);
  conferir(aba.url() === destino, "Enter abre o resultado");
  await aba.keyboard.press("/");
  await campo.waitFor();
  await aba.keyboard.press("Escape");
  conferir(!(await aba.locator("dialog.busca").isVisible()), "Esc fecha a busca");
}

/** Cada seção do índice existe na página para onde leva. */
async function destinos(aba, base) {
  const quebrados = await aba.evaluate(async (raiz) => {
    const { paginas, secoes } = window.indiceDaBusca;
    const lidas = await Promise.all(paginas.map(async ([arquivo]) => {
      const texto = await (await fetch(raiz + arquivo)).text();
      return new DOMParser().parseFromString(texto, "text/html");
    }));
    return secoes.filter(([p, id]) => id && !lidas[p].getElementById(id)).map(([p, id]) => `${paginas[p][0]}#${id}`);
  }, base);
  conferir(quebrados.length === 0, "todo resultado leva a uma seção que existe", quebrados.join(" "));
}

/** O livro aberto da pasta, sem servidor: o estilo vem e a busca responde. */
export async function conferirSemServidor(navegador, pasta) {
  const contexto = await navegador.newContext({ viewport: { width: 1366, height: 900 }, reducedMotion: "reduce" });
  const aba = await contexto.newPage();
  const queixas = [];
  aba.on("pageerror", (erro) => queixas.push(erro.message));
  await aba.goto(pathToFileURL(join(pasta, "index.html")).href);
  const fundo = await aba.evaluate(() => getComputedStyle(document.body).backgroundColor);
  conferir(fundo !== "rgba(0, 0, 0, 0)", "de file:// o estilo vem", fundo);
  await aba.keyboard.press("/");
  await aba.locator("dialog.busca input").waitFor();
  await aba.keyboard.type("servidores");
  const ligacao = aba.locator("dialog.busca li a").first();
  await ligacao.waitFor();
  const trecho = await ligacao.locator(".trecho").innerText();
  conferir(trecho.length > 10, "de file:// o resultado traz um trecho", trecho);
  await ligacao.click();
  await aba.waitForURL(/^file:.*\.html/);
  conferir(!aba.url().endsWith("index.html"), "de file:// a busca leva à página", aba.url());
  conferir(await aba.locator("h1").count() === 1, "de file:// a página abre");
  conferir(queixas.length === 0, "de file:// nada reclama", queixas.join("; "));
  await contexto.close();
}

export async function conferirBusca(navegador, base) {
  const contexto = await navegador.newContext({ viewport: { width: 1366, height: 900 }, reducedMotion: "reduce" });
  const aba = await contexto.newPage();
  const pedidos = [];
  aba.on("request", (pedido) => pedidos.push(pedido.url()));
  await aba.goto(base);
  conferir(!pedidos.some((url) => /indice/.test(url)), "o índice da busca só vem no primeiro uso");
  await peloTeclado(aba, base);
  const endereco = pedidos.findLast((url) => /indice/.test(url));
  const corpo = Buffer.from(await (await fetch(endereco)).arrayBuffer());
  const kb = gzipSync(corpo).length / 1024;
  conferir(kb <= KB_DO_INDICE, `o índice cabe em ${KB_DO_INDICE} kB`, numero(kb));
  await destinos(aba, base);
  const notas = await perguntas(aba);
  tabela("A busca", [
    ["", "recall (%)", "precisão em 5 (%)", "ms (mediana)", "ms (pior)", "índice (kB)"],
    ["40 perguntas", ...notas, numero(kb)],
  ]);
  await contexto.close();
}
