// O que toda página cumpre: acessível nos dois temas e nas três larguras,
// leve, só daqui, em português, inteira sem JavaScript e no papel.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { conferir, numero } from "./relato.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const LARGURAS = [360, 768, 1366];
const TEMAS = { claro: "light", escuro: "dark" };
const PEDIDOS = 8;
const KB_DA_PAGINA = 60;
const KB_DE_JS = 20;
const PASSOS_DO_TECLADO = 600;

/** Palavras de controles em inglês: nenhuma pode aparecer fora do código. */
const INGLES = new RegExp(
  "\\b(search|table of contents|next (page|chapter)|previous|copy|copied|toggle|theme|light|dark|"
  + "print this|keyboard|shortcuts?|loading|page not found|not found|note|tip|warning|important|"
  + "caution|show hidden|hide|skip to|chapter|answer|hint|step|results?|close|open|menu|suggest an edit)\\b",
  "i",
);

/** Abre uma página e guarda o que ela pediu e o que reclamou. */
async function abrir(contexto, endereco) {
  const aba = await contexto.newPage();
  const visto = { pedidos: [], queixas: [], corpos: [] };
  aba.on("request", (pedido) => visto.pedidos.push(pedido.url()));
  aba.on("pageerror", (erro) => visto.queixas.push(erro.message));
  aba.on("console", (linha) => {
    if (["error", "warning"].includes(linha.type())) visto.queixas.push(linha.text());
  });
  aba.on("requestfailed", (pedido) => visto.queixas.push(`não veio: ${pedido.url()}`));
  aba.on("response", (resposta) => visto.corpos.push(
    resposta.body().then((corpo) => [resposta.url(), gzipSync(corpo).length], () => [resposta.url(), 0]),
  ));
  await aba.goto(endereco, { waitUntil: "load" });
  return { aba, visto };
}

async function acessivel(aba) {
  const { violations } = await aba.evaluate(() => window.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations"],
  }));
  return violations.map((v) => `${v.id} em ${v.nodes.map((no) => no.target.join(" ")).slice(0, 3).join(" | ")} (${v.nodes.length})`);
}

/** O que sobra para o lado, e as listagens de 80 colunas que rolam. */
function medir(aba) {
  return aba.evaluate(() => ({
    sobra: document.documentElement.scrollWidth - innerWidth,
    rolam: [...document.querySelectorAll(".listagem pre")].filter((pre) =>
      pre.clientWidth > 0 && pre.scrollWidth > pre.clientWidth + 1
      && pre.textContent.split("\n").every((linha) => linha.length <= 80)).length,
  }));
}

async function pesar(visto) {
  const corpos = await Promise.all(visto.corpos);
  const soma = (serve) => corpos.filter(([url]) => serve(url)).reduce((t, [, b]) => t + b, 0) / 1024;
  return { kb: soma(() => true), js: soma((url) => /\.js(\?|$)/.test(url)) };
}

/** As frases de controles e de rótulos em inglês. */
async function emIngles(aba) {
  const frases = await aba.evaluate(() => {
    const semCodigo = (elemento) => {
      const copia = elemento.cloneNode(true);
      for (const fora of copia.querySelectorAll("code, pre, kbd, [lang], i, em, svg text")) fora.remove();
      return copia.textContent.trim();
    };
    const controles = "title, header, footer, button, summary, label.rotulo, dialog, nav > h2, "
      + ".nota-titulo, .veredito, .rotulo, .vizinhas small, .copiar, th";
    const textos = [...document.querySelectorAll(controles)].map(semCodigo);
    const atributos = ["aria-label", "title", "placeholder", "alt", "aria-roledescription"];
    for (const nome of atributos) {
      for (const elemento of document.querySelectorAll(`[${nome}]`)) {
        if (!elemento.closest("code, .sumario")) textos.push(elemento.getAttribute(nome));
      }
    }
    return textos;
  });
  return frases.filter((frase) => INGLES.test(frase.replace(/^Copiar .*/, "")));
}

/** Uma página em uma largura, nos dois temas. Devolve o peso e os nós por tema. */
async function emUmaLargura(navegador, base, nome, largura) {
  const contexto = await navegador.newContext({
    viewport: { width: largura, height: 900 }, colorScheme: "light", reducedMotion: "reduce",
  });
  const { aba, visto } = await abrir(contexto, base + nome);
  const peso = await pesar(visto);
  await aba.evaluate(AXE);
  const nos = {};
  for (const [tema, esquema] of Object.entries(TEMAS)) {
    await aba.emulateMedia({ colorScheme: esquema });
    const onde = `${nome} (${tema}, ${largura} px)`;
    const medidas = await medir(aba);
    const violados = await acessivel(aba);
    nos[tema] = violados.length;
    conferir(violados.length === 0, `${onde} é acessível`, violados.join("; "));
    conferir(medidas.sobra <= 0, `${onde} cabe na tela`, `sobram ${medidas.sobra} px`);
    if (largura === LARGURAS.at(-1)) {
      conferir(medidas.rolam === 0, `${onde} mostra 80 colunas sem rolar`, medidas.rolam);
    }
  }
  const onde = `${nome} (${largura} px)`;
  conferir(visto.queixas.length === 0, `${onde} não reclama no console`, visto.queixas.join("; "));
  const foraDaqui = visto.pedidos.filter((url) => !url.startsWith(base) && !url.startsWith("data:"));
  conferir(foraDaqui.length === 0, `${onde} só pede o que é daqui`, foraDaqui.join(" "));
  await contexto.close();
  return { nos, ...peso, pedidos: visto.pedidos.length };
}

/** Sem JavaScript: o texto, as abas com título, as respostas e o sumário. */
async function semPrograma(navegador, base, nome) {
  const contexto = await navegador.newContext({ javaScriptEnabled: false, viewport: { width: 1366, height: 900 } });
  const aba = await contexto.newPage();
  await aba.goto(base + nome);
  const contar = async (seletor) => aba.locator(seletor).count();
  const visiveis = async (seletor) => aba.locator(seletor).filter({ visible: true }).count();
  const pares = [[".aba", "abas"], [".aba .lingua", "nomes de linguagem"], [".porque", "explicações"], [".sumario a", "sumário"]];
  for (const [seletor, oque] of pares) {
    const [todas, vistas] = [await contar(seletor), await visiveis(seletor)];
    conferir(todas === vistas, `${nome} sem JavaScript mostra: ${oque}`, `${vistas} de ${todas}`);
  }
  conferir(await visiveis(".so-com-js") === 0, `${nome} sem JavaScript não tem botão morto`);
  conferir((await aba.locator("main").innerText()).length > 60, `${nome} sem JavaScript tem texto`);
  await contexto.close();
}

/** O papel: nada de tela, todas as abas abertas. */
async function noPapel(aba, nome) {
  await aba.emulateMedia({ media: "print", colorScheme: "dark" });
  const visto = await aba.evaluate(() => {
    const some = [".topo", ".sumario", ".nesta", ".vizinhas", ".copiar"];
    const aparece = (el) => el.getClientRects().length > 0;
    return {
      fundo: getComputedStyle(document.body).backgroundColor,
      sobrou: some.filter((s) => [...document.querySelectorAll(s)].some(aparece)),
      abas: [...document.querySelectorAll(".aba")].filter((el) => !aparece(el)).length,
    };
  });
  conferir(visto.fundo === "rgb(255, 255, 255)", `${nome} no papel tem fundo branco`, visto.fundo);
  conferir(visto.sobrou.length === 0, `${nome} no papel não tem controles`, visto.sobrou.join(" "));
  conferir(visto.abas === 0, `${nome} no papel mostra todas as linguagens`, visto.abas);
  await aba.emulateMedia({ media: "screen", colorScheme: "light" });
}

/** Quem está com o foco: o nome dele e se dá para vê-lo. */
function foco(aba) {
  return aba.evaluate(() => {
    const alvo = document.activeElement;
    if (!alvo || alvo === document.body) return null;
    const caixa = alvo.getBoundingClientRect();
    const topo = document.querySelector(".topo")?.getBoundingClientRect().bottom ?? 0;
    const coberto = caixa.bottom <= topo && !alvo.closest(".topo, .pula") && !alvo.matches(".pula");
    const estilo = getComputedStyle(alvo);
    const anel = estilo.outlineStyle !== "none" || estilo.boxShadow !== "none"
      || alvo.closest("svg") !== null;
    return {
      nome: `${alvo.localName}.${alvo.getAttribute("class") ?? ""} ${alvo.textContent.trim().slice(0, 30)}`,
      visivel: caixa.width > 0 && caixa.height > 0 && caixa.bottom > 0 && caixa.top < innerHeight && !coberto,
      anel,
      noTexto: alvo.closest("main") !== null,
    };
  });
}

/** A página inteira pelo teclado, do primeiro Tab até sair dela. */
async function peloTeclado(aba, nome) {
  await aba.keyboard.press("Tab");
  const primeiro = await foco(aba);
  conferir(primeiro?.nome.includes("Pular"), `${nome}: o primeiro Tab leva ao atalho`, primeiro?.nome);
  await aba.keyboard.press("Enter");
  const noTexto = await aba.evaluate(() => document.activeElement?.id === "conteudo");
  conferir(noTexto, `${nome}: chega-se ao texto em 2 teclas`);
  await aba.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
  let passos = 0;
  const ruins = [];
  for (; passos < PASSOS_DO_TECLADO; passos += 1) {
    await aba.keyboard.press("Tab");
    const agora = await foco(aba);
    if (!agora) break;
    if (!agora.visivel || !agora.anel) ruins.push(`${agora.nome} (${agora.visivel ? "sem anel" : "fora da vista"})`);
  }
  conferir(ruins.length === 0, `${nome}: o foco sempre se vê`, ruins.slice(0, 4).join("; "));
  conferir(passos < PASSOS_DO_TECLADO, `${nome}: o teclado não fica preso`);
  return passos;
}

/** O que se confere uma vez por página. */
async function umaVez(navegador, base, nome) {
  const contexto = await navegador.newContext({ viewport: { width: 1366, height: 900 }, reducedMotion: "reduce" });
  const { aba } = await abrir(contexto, base + nome);
  const lingua = await aba.getAttribute("html", "lang");
  conferir(lingua === "pt-BR", `${nome} diz que está em português`, lingua);
  conferir(await aba.locator("h1").count() === 1, `${nome} tem um título só`);
  const titulo = await aba.title();
  conferir(titulo.includes("Sockets na prática"), `${nome} tem o nome do livro na janela`, titulo);
  const ingles = await emIngles(aba);
  conferir(ingles.length === 0, `${nome} não tem controle em inglês`, ingles.join(" | "));
  const atual = await aba.locator(".sumario a[aria-current=page]").count();
  conferir(atual === (nome === "404.html" ? 0 : 1), `${nome} se marca no sumário`, atual);
  await noPapel(aba, nome);
  const paradas = await peloTeclado(aba, nome);
  await contexto.close();
  return paradas;
}

/** Tudo sobre uma página. Devolve a linha dela na tabela. */
export async function conferirPagina(navegador, base, nome) {
  const telas = [];
  for (const largura of LARGURAS) {
    telas.push(await emUmaLargura(navegador, base, nome, largura));
  }
  const paradas = await umaVez(navegador, base, nome);
  await semPrograma(navegador, base, nome);
  const tela = telas.at(-1);
  conferir(tela.pedidos <= PEDIDOS, `${nome}: no máximo ${PEDIDOS} pedidos`, tela.pedidos);
  conferir(tela.kb <= KB_DA_PAGINA, `${nome}: no máximo ${KB_DA_PAGINA} kB`, numero(tela.kb));
  conferir(tela.js <= KB_DE_JS, `${nome}: no máximo ${KB_DE_JS} kB de JavaScript`, numero(tela.js));
  const nos = (tema) => telas.reduce((total, { nos: achados }) => total + achados[tema], 0);
  return [nome, tela.pedidos, numero(tela.kb), numero(tela.js), `${nos("claro")}/${nos("escuro")}`, paradas];
}
