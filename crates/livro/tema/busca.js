// A busca: chega no primeiro uso, junto com o índice que `livro` monta
// (crates/livro/src/busca.rs). O índice traz as regras que cortam as palavras,
// para que os dois lados cortem do mesmo jeito.
"use strict";

(() => {
  const MAIS_RESULTADOS = 12;
  const CORTE = 0.2; // Abaixo desta parte da melhor nota, o resultado só atrapalha.

  // ---- As palavras -----------------------------------------------------------

  const dobrar = (texto) => texto.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

  const PALAVRA = /\d+(?:\.\d+)+|[a-z0-9_]+/g;

  function palavrasDe(texto) {
    return (dobrar(texto).match(PALAVRA) ?? []).filter((p) => p.replace(/^_+|_+$/g, "").length > 1);
  }

  function radicalDe(palavra, regras) {
    if (/[\d_]/.test(palavra)) return palavra;
    let atual = palavra;
    for (const grupo of regras) {
      for (const [fim, troca, minimo] of grupo) {
        if (atual.endsWith(fim) && atual.length - fim.length >= minimo) {
          atual = atual.slice(0, atual.length - fim.length) + troca;
          break;
        }
      }
    }
    return atual;
  }

  /** Quantas letras separam duas palavras, até `limite`. */
  function distancia(uma, outra, limite) {
    if (Math.abs(uma.length - outra.length) > limite) return limite + 1;
    let linha = Array.from({ length: outra.length + 1 }, (_, i) => i);
    for (let i = 1; i <= uma.length; i += 1) {
      const nova = [i];
      for (let j = 1; j <= outra.length; j += 1) {
        const troca = linha[j - 1] + (uma[i - 1] === outra[j - 1] ? 0 : 1);
        nova[j] = Math.min(troca, linha[j] + 1, nova[j - 1] + 1);
      }
      linha = nova;
    }
    return linha[outra.length];
  }

  // ---- O índice ----------------------------------------------------------------

  /** Uma lista do índice: passos e pesos escritos com a metade `meta` das letras. */
  function lerLista(codigo, valores, meta) {
    const lista = new Map();
    let secao = 0;
    let numero = 0;
    let fator = 1;
    for (const letra of codigo) {
      const valor = valores.get(letra);
      if (valor >= meta) {
        numero += (valor - meta) * fator;
        fator *= meta;
        continue;
      }
      numero += valor * fator;
      secao += Math.floor(numero / 16);
      lista.set(secao, numero % 16);
      numero = 0;
      fator = 1;
    }
    return lista;
  }

  class Indice {
    constructor(dados, trechos = []) {
      this.trechos = trechos;
      this.regras = dados.regras;
      this.paginas = dados.paginas;
      this.secoes = dados.secoes;
      this.valores = new Map([...dados.letras].map((letra, valor) => [letra, valor]));
      this.meta = dados.letras.length / 2;
      this.comuns = new Set(dados.comuns.split(/\s+/));
      this.palavras = dados.palavras.split(" ");
      this.listas = dados.listas.split(" ");
      this.posicao = new Map(this.palavras.map((palavra, i) => [palavra, i]));
      this.sinonimos = dados.sinonimos.map((grupo) => grupo.map((frase) => this.radicais(frase)));
      this.lidas = new Map();
    }

    radicais(texto) {
      return palavrasDe(texto)
        .filter((palavra) => !this.comuns.has(palavra))
        .map((palavra) => radicalDe(palavra, this.regras));
    }

    /** Seção → nota de um radical que está no índice. Palavra rara vale mais. */
    notas(radical) {
      if (!this.lidas.has(radical)) {
        const lista = lerLista(this.listas[this.posicao.get(radical)], this.valores, this.meta);
        const raridade = Math.log(1 + this.secoes.length / lista.size);
        for (const [secao, peso] of lista) lista.set(secao, peso * raridade);
        this.lidas.set(radical, lista);
      }
      return this.lidas.get(radical);
    }

    /** As palavras do índice que podem ser a digitada, com o quanto valem. */
    candidatas(palavra, digitando) {
      const radical = radicalDe(palavra, this.regras);
      const achadas = new Map();
      if (this.posicao.has(radical)) achadas.set(radical, 1);
      if (digitando && palavra.length > 2) {
        for (const outra of this.palavras) {
          if (outra.startsWith(palavra) && !achadas.has(outra)) achadas.set(outra, 0.4);
        }
      }
      if (!achadas.size) this.parecidas(radical, achadas);
      return achadas;
    }

    /** Nada igual: as que diferem por uma letra (ou duas, se a palavra é longa). */
    parecidas(radical, achadas) {
      if (radical.length < 4 || /\d/.test(radical)) return;
      const limite = radical.length > 7 ? 2 : 1;
      for (const outra of this.palavras) {
        if (outra[0] === radical[0] && distancia(radical, outra, limite) <= limite) {
          achadas.set(outra, 0.5);
        }
      }
    }

    notasDaPalavra(palavra, digitando) {
      const soma = new Map();
      for (const [radical, valor] of this.candidatas(palavra, digitando)) {
        for (const [secao, nota] of this.notas(radical)) {
          soma.set(secao, Math.max(soma.get(secao) ?? 0, nota * valor));
        }
      }
      return soma;
    }

    /** Uma frase inteira (um sinônimo): só as seções que têm todas as palavras. */
    notasDaFrase(radicais) {
      if (!radicais.length || !radicais.every((r) => this.posicao.has(r))) return new Map();
      const listas = radicais.map((radical) => this.notas(radical));
      const soma = new Map();
      for (const [secao] of listas[0]) {
        if (listas.every((lista) => lista.has(secao))) {
          const nota = listas.reduce((total, lista) => total + lista.get(secao), 0);
          soma.set(secao, nota / radicais.length);
        }
      }
      return soma;
    }

    /** Os pedaços da pergunta: uma palavra, ou uma expressão com sinônimos. */
    pedacos(pergunta) {
      const ultima = palavrasDe(pergunta).at(-1);
      const digitando = /\S$/.test(pergunta);
      let palavras = palavrasDe(pergunta).filter((p) => !this.comuns.has(p));
      if (!palavras.length) palavras = palavrasDe(pergunta);
      const radicais = palavras.map((p) => radicalDe(p, this.regras));
      const pedacos = [];
      for (let i = 0; i < palavras.length;) {
        const [tamanho, grupo] = this.expressao(radicais, i);
        const frase = radicais.slice(i, i + tamanho);
        const frases = grupo.filter((outra) => outra.join(" ") !== frase.join(" "));
        const notas = tamanho > 1
          ? this.notasDaFrase(frase)
          : this.notasDaPalavra(palavras[i], digitando && palavras[i] === ultima);
        for (const outra of frases) {
          for (const [secao, nota] of this.notasDaFrase(outra)) {
            notas.set(secao, Math.max(notas.get(secao) ?? 0, nota * 0.8));
          }
        }
        pedacos.push({ notas, marcas: [frase, ...frases].flat(), palavra: palavras[i], tamanho });
        i += tamanho;
      }
      return pedacos;
    }

    /** A expressão mais longa, a partir de `i`, que tem sinônimos. */
    expressao(radicais, i) {
      let melhor = [1, []];
      for (const grupo of this.sinonimos) {
        for (const frase of grupo) {
          const igual = frase.length && frase.every((radical, j) => radicais[i + j] === radical);
          if (igual && (frase.length > melhor[0] || !melhor[1].length)) melhor = [frase.length, grupo];
        }
      }
      return melhor;
    }

    /** As seções que respondem à pergunta, da melhor para a pior. */
    procurar(pergunta) {
      const pedacos = this.pedacos(pergunta);
      const somas = new Map();
      for (const { notas, tamanho } of pedacos) {
        for (const [secao, nota] of notas) {
          const soma = somas.get(secao) ?? { nota: 0, pedacos: 0 };
          soma.nota += nota;
          soma.pedacos += tamanho;
          somas.set(secao, soma);
        }
      }
      const melhor = Math.max(0, ...[...somas.values()].map((soma) => soma.pedacos));
      const achadas = [...somas]
        .filter(([, soma]) => soma.pedacos === melhor)
        .sort(([a, x], [b, y]) => y.nota - x.nota || a - b);
      const corte = achadas.length ? achadas[0][1].nota * CORTE : 0;
      const marcas = new Set(pedacos.flatMap((pedaco) => pedaco.marcas));
      const inicios = pedacos.filter((p) => p.tamanho === 1).map((p) => p.palavra);
      return {
        marcas,
        inicios,
        resultados: achadas
          .filter(([, soma]) => soma.nota >= corte)
          .map(([secao, soma]) => ({ ...this.descrever(secao), nota: soma.nota })),
      };
    }

    descrever(secao) {
      const [pagina, id, titulo] = this.secoes[secao];
      const comeco = this.trechos[secao] ?? "";
      const [arquivo, numero, nome] = this.paginas[pagina];
      const onde = numero ? `Capítulo ${numero} · ${nome}` : nome;
      return { arquivo, id, titulo, comeco, onde, endereco: id ? `${arquivo}#${id}` : arquivo };
    }
  }

  // ---- O trecho, com a palavra marcada ------------------------------------------

  const ANTES = 60;
  const TAMANHO_DO_TRECHO = 190;

  /** As posições, em `texto`, das palavras que a pergunta procura. */
  function posicoes(texto, { marcas, inicios }, regras) {
    const achadas = [];
    for (const achada of texto.matchAll(/\d+(?:\.\d+)+|[\p{L}\p{M}\d_]+/gu)) {
      const palavra = dobrar(achada[0]);
      const radical = radicalDe(palavra, regras);
      const serve = marcas.has(radical)
        || palavra.includes("_") && palavra.split("_").some((parte) => marcas.has(radicalDe(parte, regras)))
        || inicios.some((inicio) => inicio.length > 2 && palavra.startsWith(inicio));
      if (serve) achadas.push([achada.index, achada.index + achada[0].length, radical]);
    }
    return achadas;
  }

  function marcar(texto, achado, regras) {
    const pedaco = document.createDocumentFragment();
    let fim = 0;
    for (const [de, ate] of posicoes(texto, achado, regras)) {
      const marca = document.createElement("mark");
      marca.textContent = texto.slice(de, ate);
      pedaco.append(texto.slice(fim, de), marca);
      fim = ate;
    }
    pedaco.append(texto.slice(fim));
    return pedaco;
  }

  /** O pedaço do texto em que há mais palavras diferentes da pergunta. */
  function recortar(texto, achado, regras) {
    const achadas = posicoes(texto, achado, regras);
    if (!achadas.length) achadas.push([0, 0, ""]); // Está só no título: mostra o começo.
    const vistas = ([inicio]) => new Set(achadas
      .filter(([de]) => de >= inicio && de < inicio + TAMANHO_DO_TRECHO - ANTES)
      .map(([, , radical]) => radical)).size;
    const melhor = achadas.reduce((a, b) => (vistas(b) > vistas(a) ? b : a));
    let de = Math.max(0, melhor[0] - ANTES);
    if (de > 0) de = texto.indexOf(" ", de) + 1;
    const ate = Math.min(texto.length, de + TAMANHO_DO_TRECHO);
    return `${de > 0 ? "… " : ""}${texto.slice(de, ate)}${ate < texto.length ? "…" : ""}`;
  }

  const paginasLidas = new Map();

  /** O texto de uma seção, tirado da própria página (só com servidor). */
  async function textoDaSecao(raiz, { arquivo, id }) {
    if (!paginasLidas.has(arquivo)) {
      paginasLidas.set(arquivo, fetch(raiz + arquivo).then(async (resposta) => {
        if (!resposta.ok) throw new Error(`${arquivo}: ${resposta.status}`);
        const pagina = new DOMParser().parseFromString(await resposta.text(), "text/html");
        for (const ruido of pagina.querySelectorAll("summary, .fio, .ficha, .codigo")) ruido.remove();
        // Sem um espaço, o fim de uma célula gruda no começo da outra.
        for (const parte of pagina.querySelectorAll("main :is(p, li, td, th, dt, dd, pre, figcaption)")) parte.append(" ");
        return pagina;
      }));
    }
    const pagina = await paginasLidas.get(arquivo);
    const inicio = id ? pagina.getElementById(id) : pagina.querySelector("main h1");
    if (inicio?.matches("aside")) return inicio.textContent.replace(/\s+/g, " ").trim();
    const partes = [];
    for (let no = inicio?.nextElementSibling; no && !no.matches("h2, h3"); no = no.nextElementSibling) {
      if (!no.matches(".sintoma[id]")) partes.push(no.textContent);
    }
    return partes.join(" ").replace(/\s+/g, " ").trim();
  }

  // ---- A janela ------------------------------------------------------------------

  const MODELO = `
    <form method="dialog" role="search">
      <svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="8.5" cy="8.5" r="5"/><path d="m12.5 12.5 4.5 4.5"/></svg>
      <input type="search" autocomplete="off" autocapitalize="off" spellcheck="false"
        aria-label="Buscar no livro" placeholder="Um assunto, uma função, um código de erro…">
      <button type="submit">Fechar</button>
    </form>
    <p class="situacao" role="status"></p>
    <ol></ol>
    <p class="teclas"><kbd>↑</kbd> <kbd>↓</kbd> escolhem · <kbd>Enter</kbd> abre · <kbd>Esc</kbd> fecha</p>`;

  class Janela {
    constructor(indice) {
      this.indice = indice;
      this.raiz = document.documentElement.dataset.raiz ?? "";
      this.dialogo = document.createElement("dialog");
      this.dialogo.className = "busca";
      this.dialogo.setAttribute("aria-label", "Busca");
      this.dialogo.innerHTML = MODELO;
      this.campo = this.dialogo.querySelector("input");
      this.situacao = this.dialogo.querySelector(".situacao");
      this.lista = this.dialogo.querySelector("ol");
      this.vez = 0;
      this.campo.addEventListener("input", () => this.responder());
      this.dialogo.addEventListener("keydown", (evento) => this.tecla(evento));
      this.dialogo.addEventListener("click", (evento) => {
        if (evento.target === this.dialogo || evento.target.closest("li a")) this.dialogo.close();
      });
      document.body.append(this.dialogo);
    }

    abrir() {
      if (!this.dialogo.open) this.dialogo.showModal();
      this.campo.focus();
      this.campo.select();
      this.responder();
    }

    tecla(evento) {
      const ligacoes = [...this.lista.querySelectorAll("a")];
      const onde = ligacoes.indexOf(document.activeElement);
      if (evento.key === "Enter" && document.activeElement === this.campo) {
        evento.preventDefault();
        ligacoes[0]?.click();
      } else if (evento.key === "ArrowDown") {
        evento.preventDefault();
        ligacoes[Math.min(onde + 1, ligacoes.length - 1)]?.focus();
      } else if (evento.key === "ArrowUp") {
        evento.preventDefault();
        (ligacoes[onde - 1] ?? this.campo).focus();
      } else if (onde >= 0 && (evento.key.length === 1 || evento.key === "Backspace")
        && !evento.ctrlKey && !evento.metaKey && !evento.altKey && evento.key !== " ") {
        this.campo.focus(); // Quem volta a escrever volta ao campo.
      }
    }

    responder() {
      this.vez += 1;
      const pergunta = this.campo.value.trimStart();
      this.lista.replaceChildren();
      if (!pergunta.trim()) {
        this.situacao.textContent = "Escreva com ou sem acentos: conexao acha conexão e conexões.";
        return;
      }
      const achado = this.indice.procurar(pergunta);
      const visiveis = achado.resultados.slice(0, MAIS_RESULTADOS);
      this.situacao.textContent = this.frase(achado.resultados.length, pergunta.trim());
      for (const resultado of visiveis) this.lista.append(this.linha(resultado, achado));
    }

    frase(quantos, pergunta) {
      if (!quantos) return `Nada sobre “${pergunta}”. Tente outra palavra, ou menos palavras.`;
      const total = quantos === 1 ? "1 resultado" : `${quantos} resultados`;
      return quantos > MAIS_RESULTADOS ? `${total}; estes são os ${MAIS_RESULTADOS} melhores` : total;
    }

    linha(resultado, achado) {
      const { regras } = this.indice;
      const parte = (classe, conteudo) => {
        const caixa = document.createElement("span");
        caixa.className = classe;
        caixa.append(conteudo);
        return caixa;
      };
      const ligacao = document.createElement("a");
      ligacao.href = this.raiz + resultado.endereco;
      const trecho = parte("trecho", marcar(resultado.comeco, achado, regras));
      ligacao.append(
        parte("titulo", marcar(resultado.titulo, achado, regras)),
        parte("onde", resultado.onde),
        trecho,
      );
      this.melhorarTrecho(trecho, resultado, achado);
      const item = document.createElement("li");
      item.append(ligacao);
      return item;
    }

    /** Com servidor, o trecho é o lugar da seção em que a palavra está. */
    async melhorarTrecho(caixa, resultado, achado) {
      if (!location.protocol.startsWith("http")) return;
      const { vez } = this;
      try {
        const texto = await textoDaSecao(this.raiz, resultado);
        const recorte = recortar(texto, achado, this.indice.regras);
        if (vez === this.vez) {
          caixa.replaceChildren(marcar(recorte, achado, this.indice.regras));
        }
      } catch {
        // A página não veio: o resultado fica com o título e o lugar.
      }
    }
  }

  let janela = null;

  function janelaPronta() {
    janela ??= new Janela(new Indice(window.indiceDaBusca, window.trechosDaBusca));
    return janela;
  }

  window.buscaDoLivro = {
    abrir: () => janelaPronta().abrir(),
    /** Para os testes: as respostas, sem abrir a janela. */
    procurar: (pergunta) => janelaPronta().indice.procurar(pergunta).resultados,
  };
})();
