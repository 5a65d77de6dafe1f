// O que os blocos fazem quando se mexe neles, na página em que estão.

import { conferir } from "./relato.mjs";

const TELA = { width: 1366, height: 900 };

/** A primeira página que tem o bloco, aberta; ou uma falha. */
async function comBloco(navegador, base, paginas, seletor, usar, opcoes = {}) {
  const contexto = await navegador.newContext({
    viewport: TELA, reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"], ...opcoes,
  });
  const aba = await contexto.newPage();
  let achada = null;
  for (const nome of paginas) {
    await aba.goto(base + nome);
    if (await aba.locator(seletor).count()) {
      achada = nome;
      break;
    }
  }
  conferir(achada !== null, `alguma página tem ${seletor}`);
  if (achada) await usar(aba, achada);
  await contexto.close();
}

async function abas(aba, nome) {
  const grupo = aba.locator(".abas.vivas").first();
  const botoes = grupo.getByRole("tab");
  conferir(await botoes.count() >= 2, `${nome}: as abas têm papel de abas`);
  await botoes.first().focus();
  await aba.keyboard.press("ArrowRight");
  const python = botoes.nth(1);
  conferir(await python.getAttribute("aria-selected") === "true", `${nome}: a seta troca de aba`);
  conferir(await python.evaluate((b) => b === document.activeElement), `${nome}: o foco vai junto`);
  const lingua = (await python.innerText()).trim();
  const iguais = await aba.locator(".abas.vivas").evaluateAll((grupos, l) => grupos.every((g) => {
    const tem = [...g.querySelectorAll("[role=tab]")].find((b) => b.textContent.trim() === l);
    return !tem || tem.getAttribute("aria-selected") === "true";
  }), lingua);
  conferir(iguais, `${nome}: a escolha vale para todas as listagens`);
  await aba.reload();
  const lembrada = await aba.locator(".abas.vivas").first().getByRole("tab").nth(1).getAttribute("aria-selected");
  conferir(lembrada === "true", `${nome}: a linguagem é lembrada`);
}

async function copia(aba, nome) {
  const bloco = aba.locator("*:has(> pre .comando)").first();
  await bloco.locator(".copiar").first().click();
  await aba.waitForFunction(() => document.querySelector(".copiar.feito"));
  const copiado = await aba.evaluate(() => navigator.clipboard.readText());
  const comandos = await bloco.locator(".comando").allInnerTexts();
  conferir(copiado === comandos.join("\n"), `${nome}: copia só os comandos`, copiado);
  conferir(!/^\$/m.test(copiado), `${nome}: o $ não vai junto`, copiado);
  const listagem = aba.locator(".listagem:visible").first();
  if (await listagem.count()) {
    await listagem.locator(".copiar").click();
    await aba.waitForFunction(async () => (await navigator.clipboard.readText()).includes("\n"));
    const codigo = await aba.evaluate(() => navigator.clipboard.readText());
    const escrito = (await listagem.locator("code").textContent()).trimEnd();
    conferir(codigo === escrito, `${nome}: copia a listagem inteira`);
  }
}

async function pergunta(aba, nome) {
  const caixa = aba.locator(".pergunta").first();
  conferir(await caixa.locator(".porque:visible").count() === 0, `${nome}: a explicação espera a escolha`);
  for (const certa of ["nao", "sim"]) {
    const escolha = caixa.locator(`[data-certa=${certa}]`).first();
    await escolha.locator("input").check();
    const explicacao = escolha.locator(".porque > div");
    conferir(await explicacao.isVisible(), `${nome}: cada escolha se explica (${certa})`);
    conferir(await caixa.locator(".porque > div:visible").count() === 1, `${nome}: uma explicação por vez`);
    const veredito = await escolha.locator(".veredito").innerText();
    conferir(veredito.startsWith(certa === "sim" ? "Certa" : "Errada"), `${nome}: diz se acertou`, veredito);
  }
}

async function dicas(aba, nome) {
  const etapa = aba.locator(".etapas li:has(details details)").first();
  const [primeira, segunda] = [etapa.locator("summary").nth(0), etapa.locator("summary").nth(1)];
  conferir(!(await segunda.isVisible()), `${nome}: a segunda dica espera a primeira`);
  await primeira.focus();
  await aba.keyboard.press("Enter");
  conferir(await segunda.isVisible(), `${nome}: a dica abre pelo teclado e mostra a seguinte`);
}

async function figura(aba, nome) {
  const fio = aba.locator("figure.fio").first();
  conferir(await fio.locator("svg:visible text").first().isVisible(), `${nome}: a escada aparece`);
  const menor = await fio.locator("svg:visible").first().evaluate((svg) => Math.min(...[...svg.querySelectorAll("text")]
    .filter((texto) => texto.getClientRects().length)
    .map((texto) => parseFloat(getComputedStyle(texto).fontSize) * (texto.getScreenCTM()?.a ?? 1))));
  conferir(menor >= 11.5, `${nome}: o texto da escada se lê`, `${menor} px`);
  const botao = fio.getByRole("button").filter({ visible: true });
  conferir(await botao.count() > 0, `${nome}: a escada tem passos`);
  conferir(await fio.locator("table").count() > 0, `${nome}: a escada tem uma tabela por trás`);
  const antes = await fio.innerText();
  await fio.locator("button:enabled:visible", { hasText: /▶|Próximo|Avançar/ }).first().click();
  conferir(await fio.innerText() !== antes, `${nome}: o passo muda o que se lê`);
}

async function termo(aba, nome) {
  const termos = aba.locator("a.termo[data-def]:visible").first();
  await termos.focus();
  const cartao = aba.locator("#definicao");
  conferir(await cartao.isVisible(), `${nome}: o termo se define no foco`);
  conferir(await termos.getAttribute("aria-describedby") === "definicao", `${nome}: o leitor de tela ouve a definição`);
  const caixa = await cartao.boundingBox();
  conferir(caixa.x >= 0 && caixa.x + caixa.width <= TELA.width, `${nome}: a definição cabe na tela`);
  await aba.keyboard.press("Escape");
  conferir(!(await cartao.isVisible()), `${nome}: Esc fecha a definição`);
}

async function tema(aba, nome) {
  const fundo = () => aba.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const claro = await fundo();
  const botao = aba.locator(".do-tema");
  await botao.click();
  await botao.click();
  const escuro = await fundo();
  conferir(claro !== escuro, `${nome}: o botão escurece a página`, escuro);
  await aba.reload();
  conferir(await fundo() === escuro, `${nome}: o tema é lembrado`);
  conferir(/escuro/.test(await botao.getAttribute("aria-label")), `${nome}: o botão diz o tema`);
  await botao.click();
  conferir(await fundo() === claro, `${nome}: o automático volta`);
}

async function progresso(aba, nome) {
  const capitulo = await aba.locator(".exercicio[data-capitulo]").first().getAttribute("data-capitulo");
  const etapas = await aba.locator(".etapas [data-etapa]").evaluateAll((l) => l.map((e) => e.dataset.etapa));
  await aba.evaluate(([cap, primeira, total]) => dispatchEvent(new CustomEvent("progresso-do-livro", {
    detail: { [cap]: { etapas: [primeira], resolvido: false, total } },
  })), [capitulo, etapas[0], etapas.length]);
  const linha = await aba.locator(".andamento").first().innerText();
  conferir(linha.includes(`1 de ${etapas.length}`), `${nome}: o cartão mostra o andamento`, linha);
  const marca = await aba.locator(".sumario a[aria-current] .f").innerText();
  conferir(marca.includes(`1/${etapas.length}`), `${nome}: o sumário mostra o andamento`, marca);
}

async function gaveta(aba, nome) {
  conferir(!(await aba.locator(".sumario a").first().isVisible()), `${nome}: no celular o sumário espera`);
  await aba.locator(".do-sumario").click();
  conferir(await aba.locator(".sumario a").first().isVisible(), `${nome}: o botão abre o sumário`);
  await aba.keyboard.press("Escape");
  conferir(!(await aba.locator(".sumario a").first().isVisible()), `${nome}: Esc fecha o sumário`);
}

async function setas(aba, nome) {
  const antes = aba.url();
  await aba.keyboard.press("ArrowRight");
  await aba.keyboard.press("ArrowLeft");
  conferir(aba.url() === antes, `${nome}: as setas não trocam de página`);
}

async function perdida(navegador, base) {
  const contexto = await navegador.newContext({ viewport: TELA });
  const aba = await contexto.newPage();
  const resposta = await aba.goto(`${base}nao/existe/aqui.html`);
  conferir(resposta.status() === 404, "uma página que não existe responde 404");
  conferir(/não existe/.test(await aba.locator("h1").innerText()), "a página 404 está em português");
  const fundo = await aba.evaluate(() => getComputedStyle(document.body).backgroundColor);
  conferir(fundo !== "rgba(0, 0, 0, 0)", "a página 404 acha o estilo de qualquer pasta", fundo);
  await contexto.close();
}

export async function conferirBlocos(navegador, base, paginas) {
  const capitulos = [...paginas.filter((p) => p.startsWith("cap05")), ...paginas];
  const com = (seletor, usar, opcoes) => comBloco(navegador, base, capitulos, seletor, usar, opcoes);
  await com(".abas", abas);
  await com("pre .comando", copia);
  await com(".pergunta", pergunta);
  await com(".etapas details details", dicas);
  await com("figure.fio", figura);
  await com("figure.fio", figura, { viewport: { width: 360, height: 780 } });
  await com("a.termo[data-def]", termo);
  await com(".do-tema", tema);
  await com(".exercicio[data-capitulo]", progresso);
  await com(".do-sumario", gaveta, { viewport: { width: 360, height: 780 } });
  await com("main", setas);
  await perdida(navegador, base);
}
