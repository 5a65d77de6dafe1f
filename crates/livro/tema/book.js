// O programa da página. A primeira parte corre antes do primeiro desenho (o
// tema não pisca); o resto espera o documento. Sem este arquivo a página se lê
// inteira: abas, respostas e dicas aparecem abertas, com títulos.
"use strict";

(() => {
  const raiz = document.documentElement;
  const programa = document.currentScript;
  const aqui = (seletor, em = document) => [...em.querySelectorAll(seletor)];

  // ---- O que o leitor escolheu, guardado neste navegador -----------------

  function lembrado(chave) {
    try {
      return localStorage.getItem(`sockets.${chave}`);
    } catch {
      return null; // Armazenamento proibido: a página vale sem memória.
    }
  }

  function lembrar(chave, valor) {
    try {
      if (valor === null) localStorage.removeItem(`sockets.${chave}`);
      else localStorage.setItem(`sockets.${chave}`, valor);
    } catch {
      // Sem onde guardar, a escolha vale só nesta página.
    }
  }

  /** Cria um elemento com os atributos e os filhos dados. */
  function criar(nome, atributos = {}, ...filhos) {
    const elemento = document.createElement(nome);
    for (const [chave, valor] of Object.entries(atributos)) {
      if (valor !== false) elemento.setAttribute(chave, valor === true ? "" : valor);
    }
    elemento.append(...filhos);
    return elemento;
  }

  // ---- Tema: automático → claro → escuro ----------------------------------

  const TEMAS = ["automatico", "claro", "escuro"];
  const NOME_DO_TEMA = { automatico: "automático", claro: "claro", escuro: "escuro" };

  function vestir(tema) {
    if (tema === "automatico") raiz.removeAttribute("data-tema");
    else raiz.setAttribute("data-tema", tema);
  }

  const guardado = lembrado("tema");
  let tema = TEMAS.includes(guardado) ? guardado : "automatico";
  vestir(tema);
  raiz.classList.add("com-js");

  function prepararTema() {
    const botao = document.querySelector(".do-tema");
    if (!botao) return;
    const contar = () => {
      const seguinte = TEMAS[(TEMAS.indexOf(tema) + 1) % TEMAS.length];
      const nome = NOME_DO_TEMA[tema];
      botao.querySelector(".rotulo").textContent = `Tema ${nome}`;
      botao.setAttribute("aria-label", `Tema ${nome}: mudar para ${NOME_DO_TEMA[seguinte]}`);
      botao.title = `Mudar para o tema ${NOME_DO_TEMA[seguinte]}`;
      return seguinte;
    };
    contar();
    botao.addEventListener("click", () => {
      tema = contar();
      lembrar("tema", tema === "automatico" ? null : tema);
      vestir(tema);
      contar();
    });
  }

  // ---- Sumário e "Nesta página" --------------------------------------------

  function mostrarPaginaAtual() {
    const sumario = document.querySelector(".sumario");
    const atual = sumario?.querySelector("[aria-current]");
    if (!atual) return;
    const meio = atual.offsetTop - sumario.clientHeight / 2;
    if (meio > 0) sumario.scrollTop = meio;
  }

  function titulosDaPagina() {
    return aqui("main :is(h2, h3)[id]").filter(
      (titulo) => !titulo.closest("figure, details, dialog, .terminal") && titulo.textContent.trim(),
    );
  }

  /** O título é um link para si mesmo: para o mouse; o teclado usa "Nesta página". */
  function pularTitulos() {
    for (const ligacao of aqui("main a.header")) ligacao.tabIndex = -1;
  }

  function prepararNestaPagina() {
    const titulos = titulosDaPagina();
    const grade = document.querySelector(".pagina .grade");
    if (!grade || titulos.length < 2) return;
    const lista = criar("ol");
    const ligacoes = new Map();
    for (const titulo of titulos) {
      const ligacao = criar("a", { href: `#${titulo.id}` }, titulo.textContent.trim());
      ligacoes.set(titulo, ligacao);
      lista.append(criar("li", { class: titulo.localName === "h3" ? "n3" : "n2" }, ligacao));
    }
    const nome = criar("h2", { id: "nesta-pagina" }, "Nesta página");
    grade.append(criar("nav", { class: "nesta", "aria-labelledby": "nesta-pagina" }, nome, lista));
    acompanharLeitura(titulos, ligacoes);
  }

  /** Marca, no índice da página, a última seção cujo título já passou do topo. */
  function acompanharLeitura(titulos, ligacoes) {
    let atual = null;
    const conferir = () => {
      const passados = titulos.filter((titulo) => titulo.getBoundingClientRect().top < 140);
      const novo = ligacoes.get(passados.at(-1)) ?? null;
      if (novo === atual) return;
      atual?.removeAttribute("aria-current");
      novo?.setAttribute("aria-current", "true");
      atual = novo;
    };
    let marcado = false;
    addEventListener("scroll", () => {
      if (marcado) return;
      marcado = true;
      requestAnimationFrame(() => {
        marcado = false;
        conferir();
      });
    }, { passive: true });
    conferir();
  }

  // ---- Abas de linguagem ------------------------------------------------------

  const gruposDeAbas = [];

  function escolherLingua(lingua) {
    for (const grupo of gruposDeAbas) {
      if (!grupo.has(lingua)) continue;
      for (const [nome, { botao, painel }] of grupo) {
        const escolhida = nome === lingua;
        botao.setAttribute("aria-selected", String(escolhida));
        botao.tabIndex = escolhida ? 0 : -1;
        painel.hidden = !escolhida;
      }
    }
  }

  /** Troca a linguagem em toda a página sem tirar do lugar o que se lê. */
  function trocarLingua(botao, lingua) {
    const antes = botao.getBoundingClientRect().top;
    escolherLingua(lingua);
    medirRolagens();
    lembrar("lingua", lingua);
    scrollBy({ top: botao.getBoundingClientRect().top - antes, behavior: "instant" });
  }

  function andarNasAbas(evento, botoes) {
    const onde = botoes.indexOf(evento.target);
    const passo = { ArrowRight: onde + 1, ArrowLeft: onde - 1, Home: 0, End: -1 }[evento.key];
    if (onde < 0 || passo === undefined) return;
    evento.preventDefault();
    const novo = botoes.at(passo % botoes.length);
    novo.focus();
    novo.click();
  }

  function prepararAbas(caixa, numero) {
    const grupo = new Map();
    const barra = criar("div", { class: "linguas", role: "tablist", "aria-label": "Linguagem" });
    for (const painel of aqui(":scope > .aba", caixa)) {
      const lingua = painel.dataset.lingua;
      const id = `aba-${numero}-${lingua}`;
      const nome = painel.querySelector(".lingua")?.textContent ?? lingua;
      const botao = criar("button", {
        type: "button", role: "tab", id, "aria-controls": `${id}-painel`,
      }, nome);
      botao.addEventListener("click", () => trocarLingua(botao, lingua));
      painel.id = `${id}-painel`;
      painel.setAttribute("role", "tabpanel");
      painel.setAttribute("aria-labelledby", id);
      grupo.set(lingua, { botao, painel });
      barra.append(botao);
    }
    barra.addEventListener("keydown", (evento) => andarNasAbas(evento, [...barra.children]));
    caixa.prepend(barra);
    caixa.classList.add("vivas");
    gruposDeAbas.push(grupo);
  }

  function prepararTodasAsAbas() {
    aqui(".abas").forEach(prepararAbas);
    for (const grupo of gruposDeAbas) escolherLingua([...grupo.keys()][0]);
    const lingua = lembrado("lingua");
    if (lingua) escolherLingua(lingua);
  }

  // ---- Copiar -------------------------------------------------------------------

  const TEMPO_DO_AVISO_MS = 1800;

  async function copiar(texto) {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(texto);
    const area = criar("textarea", { "aria-hidden": "true" });
    area.value = texto;
    document.body.append(area);
    area.select();
    const copiou = document.execCommand("copy"); // O que resta fora de contexto seguro.
    area.remove();
    if (!copiou) throw new Error("o navegador não deixou copiar");
  }

  function botaoDeCopiar(rotulo, texto) {
    const botao = criar("button", { type: "button", class: "copiar", "aria-label": rotulo }, "Copiar");
    let volta = 0;
    botao.addEventListener("click", async () => {
      let aviso = "Copiado";
      try {
        await copiar(texto());
      } catch {
        aviso = "Não deu para copiar";
      }
      botao.textContent = aviso;
      botao.classList.toggle("feito", aviso === "Copiado");
      anunciar(aviso);
      clearTimeout(volta);
      volta = setTimeout(() => {
        botao.textContent = "Copiar";
        botao.classList.remove("feito");
      }, TEMPO_DO_AVISO_MS);
    });
    return botao;
  }

  /** Diz uma frase ao leitor de tela, sem mudar nada na tela. */
  function anunciar(frase) {
    let voz = document.getElementById("voz");
    if (!voz) {
      voz = criar("div", { id: "voz", class: "so-leitor", role: "status" });
      document.body.append(voz);
    }
    voz.textContent = frase;
  }

  /** Põe o botão no canto do bloco, fora da área que rola. */
  function aoLado(bloco, botao) {
    let caixa = bloco.parentElement;
    if (!caixa.matches(".terminal")) {
      caixa = criar("div");
      bloco.replaceWith(caixa);
      caixa.append(bloco);
    }
    caixa.classList.add("com-copia");
    caixa.append(botao);
  }

  function prepararCopias() {
    for (const listagem of aqui(".listagem")) {
      const barra = listagem.querySelector(".barra");
      const codigo = listagem.querySelector("pre");
      const nome = barra?.querySelector(".arquivo")?.textContent ?? "a listagem";
      if (barra && codigo) {
        barra.append(botaoDeCopiar(`Copiar ${nome}`, () => codigo.textContent.trimEnd()));
      }
    }
    for (const bloco of aqui("pre:has(.comando)")) {
      const comandos = () => aqui(".comando", bloco).map((c) => c.textContent).join("\n");
      const rotulo = comandos().includes("\n") ? "Copiar os comandos" : `Copiar o comando ${comandos()}`;
      const botao = botaoDeCopiar(rotulo, comandos);
      const papel = bloco.parentElement.querySelector(":scope > .papel");
      if (papel) papel.append(botao);
      else aoLado(bloco, botao);
    }
  }

  // ---- Caixas que rolam: alcançáveis pelo teclado ---------------------------------

  /** Mede tudo antes de mudar qualquer coisa: o navegador faz uma conta só. */
  function medirRolagens() {
    const caixas = aqui("main :is(pre, .table-wrapper)");
    const rolam = caixas.map((caixa) => caixa.scrollWidth > caixa.clientWidth + 1);
    caixas.forEach((caixa, indice) => {
      if (rolam[indice]) {
        caixa.tabIndex = 0;
        caixa.setAttribute("role", "group");
        const oque = caixa.localName === "pre" ? "Código" : "Tabela";
        caixa.setAttribute("aria-label", `${oque}: role para os lados`);
      } else {
        for (const nome of ["tabindex", "role", "aria-label"]) caixa.removeAttribute(nome);
      }
    });
  }

  // ---- Código curto não se parte no hífen ----------------------------------------

  const CODIGO_CURTO = 22;

  function juntarCodigos() {
    for (const codigo of aqui("main :not(pre) > code")) {
      codigo.classList.toggle("curto", codigo.textContent.length <= CODIGO_CURTO);
    }
  }

  // ---- Perguntas ------------------------------------------------------------------

  function prepararPerguntas() {
    for (const pergunta of aqui(".pergunta")) {
      const escolhas = aqui(".escolha", pergunta);
      const mostrar = (escolhida) => {
        for (const escolha of escolhas) {
          const porque = escolha.querySelector(".porque");
          porque.hidden = escolha !== escolhida;
          porque.open = escolha === escolhida;
        }
      };
      for (const escolha of escolhas) {
        escolha.setAttribute("aria-live", "polite");
        escolha.querySelector(".porque").classList.add("respondida");
        escolha.querySelector("input").addEventListener("change", () => mostrar(escolha));
      }
      mostrar(escolhas.find((escolha) => escolha.querySelector("input").checked));
    }
  }

  // ---- Termos do glossário -----------------------------------------------------------

  const ESPERA_PARA_FECHAR_MS = 250;

  function prepararTermos() {
    const termos = aqui("a.termo[data-def]");
    if (!termos.length) return;
    const cartao = criar("div", { class: "definicao", role: "tooltip", id: "definicao", hidden: true });
    document.body.append(cartao);
    let dono = null;
    let fecho = 0;
    const fechar = () => {
      dono?.removeAttribute("aria-describedby");
      dono = null;
      cartao.hidden = true;
    };
    const abrir = (termo) => {
      clearTimeout(fecho);
      if (dono === termo) return;
      fechar();
      dono = termo;
      cartao.textContent = termo.dataset.def;
      cartao.hidden = false;
      termo.setAttribute("aria-describedby", "definicao");
      colocar(cartao, termo);
    };
    const fecharLogo = () => {
      clearTimeout(fecho);
      fecho = setTimeout(fechar, ESPERA_PARA_FECHAR_MS);
    };
    for (const termo of termos) {
      termo.addEventListener("pointerenter", (evento) => evento.pointerType !== "touch" && abrir(termo));
      termo.addEventListener("pointerleave", fecharLogo);
      termo.addEventListener("focus", () => abrir(termo));
      termo.addEventListener("blur", fechar);
    }
    cartao.addEventListener("pointerenter", () => clearTimeout(fecho));
    cartao.addEventListener("pointerleave", fecharLogo);
    addEventListener("keydown", (evento) => evento.key === "Escape" && fechar());
  }

  function colocar(cartao, termo) {
    const linha = termo.getClientRects()[0];
    const sobra = raiz.clientWidth - cartao.offsetWidth - 16;
    const cabeEmbaixo = linha.bottom + cartao.offsetHeight + 12 < innerHeight;
    const topo = cabeEmbaixo ? linha.bottom + 6 : linha.top - cartao.offsetHeight - 6;
    cartao.style.left = `${Math.max(16, Math.min(linha.left, sobra)) + scrollX}px`;
    cartao.style.top = `${topo + scrollY}px`;
  }

  // ---- O andamento de quem lê, quando o livro é servido por `cargo run` ---------------

  const DO_LACO_LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

  // O formato é o de crates/oficina/src/progresso.rs: para cada capítulo, as
  // etapas que passaram, quantas são e se todas já passaram alguma vez.

  function mostrarAndamento(progresso) {
    for (const ligacao of aqui(".sumario a")) {
      const pagina = ligacao.getAttribute("href").split("/").at(-1).replace(/\.html$/, "");
      marcarCapitulo(ligacao.querySelector(".f"), progresso[pagina]);
    }
    for (const cartao of aqui(".exercicio[data-capitulo]")) {
      const feito = progresso[cartao.dataset.capitulo];
      if (feito) marcarEtapas(cartao, feito);
    }
  }

  function marcarCapitulo(marca, feito) {
    const passaram = feito?.etapas?.length ?? 0;
    if (!feito?.resolvido && !passaram) {
      marca.replaceChildren();
      return;
    }
    const etapas = passaram === 1 ? "1 etapa" : `${passaram} etapas`;
    const visto = feito.total ? `${passaram}/${feito.total}` : etapas;
    const dito = feito.total ? `${passaram} de ${feito.total} etapas` : etapas;
    marca.classList.toggle("parcial", !feito.resolvido);
    marca.replaceChildren(
      criar("span", { "aria-hidden": "true" }, feito.resolvido ? "✓" : visto),
      criar("span", { class: "so-leitor" }, feito.resolvido ? " exercício resolvido" : ` ${dito}`),
    );
  }

  function marcarEtapas(cartao, feito) {
    const etapas = aqui(".etapas [data-etapa]", cartao);
    let passaram = 0;
    for (const etapa of etapas) {
      const passou = feito.etapas.includes(etapa.dataset.etapa);
      passaram += Number(passou);
      etapa.classList.toggle("passou", passou);
      const marca = etapa.querySelector(".marca");
      marca.textContent = passou ? "✓" : "○";
      etapa.querySelector(".marca + .so-leitor")?.remove();
      if (passou) marca.after(criar("span", { class: "so-leitor" }, "passou: "));
    }
    let linha = cartao.querySelector(".andamento");
    if (!linha) {
      linha = criar("p", { class: "andamento" });
      cartao.querySelector(".etapas").before(linha);
    }
    linha.replaceChildren(
      criar("progress", { max: etapas.length, value: passaram, "aria-label": "Seu andamento" }),
      `${passaram} de ${etapas.length} etapas passaram`,
    );
  }

  function prepararAndamento() {
    if (window.progressoDoLivro) mostrarAndamento(window.progressoDoLivro);
    addEventListener("progresso-do-livro", (evento) => mostrarAndamento(evento.detail));
  }

  // ---- Busca: o programa e o índice só chegam no primeiro uso ---------------------------

  let buscaPronta = null;

  function carregar(endereco) {
    return new Promise((pronto, falhou) => {
      const script = criar("script", { src: endereco });
      script.addEventListener("load", pronto);
      script.addEventListener("error", () => falhou(new Error(`não encontrei ${endereco}`)));
      document.head.append(script);
    });
  }

  function prepararBusca() {
    const botao = document.querySelector(".da-busca");
    if (!botao) return;
    const { busca, indice, trechos } = programa.dataset;
    // Sem servidor não se lê outra página: os trechos vêm em um arquivo.
    const arquivos = location.protocol === "file:" ? [busca, indice, trechos] : [busca, indice];
    const abrir = async () => {
      buscaPronta ??= Promise.all(arquivos.map(carregar));
      try {
        await buscaPronta;
        window.buscaDoLivro.abrir();
      } catch {
        buscaPronta = null;
        anunciar("Esta cópia do livro não tem o índice da busca.");
        botao.querySelector(".rotulo").textContent = "Busca indisponível";
      }
    };
    botao.addEventListener("click", abrir);
    addEventListener("keydown", (evento) => {
      const escrevendo = evento.target.closest?.("input:not([type=radio]), textarea, select, [contenteditable]");
      if (evento.key !== "/" || escrevendo || evento.ctrlKey || evento.altKey || evento.metaKey) return;
      evento.preventDefault();
      abrir();
    });
  }

  // ---- `mdbook serve` de fábrica: recarrega quando o livro muda --------------------------

  function prepararRecarga() {
    const caminho = raiz.dataset.recarga;
    if (!caminho || !DO_LACO_LOCAL.test(location.hostname)) return;
    const fio = new WebSocket(`ws://${location.host}/${caminho}`);
    fio.addEventListener("message", (evento) => evento.data === "reload" && location.reload());
  }

  document.addEventListener("DOMContentLoaded", () => {
    prepararTema();
    mostrarPaginaAtual();
    pularTitulos();
    prepararNestaPagina();
    prepararCopias();
    prepararTodasAsAbas();
    juntarCodigos();
    prepararPerguntas();
    prepararTermos();
    prepararAndamento();
    prepararBusca();
    prepararRecarga();
    medirRolagens();
    addEventListener("resize", medirRolagens);
    // A seção pedida no endereço pode ter mudado de lugar quando as abas fecharam.
    if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  });
})();
