// Enquanto `cargo run` serve o livro: troca a página quando o livro muda,
// mostra os erros da montagem e marca o que o leitor já resolveu.
(() => {
  "use strict";
  const minha = document.currentScript.dataset.versao;
  let fonte = null;
  let progressoVisto = null;

  function mostrarErros(texto) {
    let caixa = document.getElementById("livro-erros");
    if (!texto) {
      caixa?.remove();
      return;
    }
    if (!caixa) {
      caixa = document.createElement("section");
      caixa.id = "livro-erros";
      caixa.className = "aviso-de-erro"; // O estilo está no tema.
      caixa.setAttribute("role", "alert");
      caixa.append(document.createElement("b"), document.createElement("pre"));
      document.body.append(caixa);
    }
    caixa.querySelector("b").textContent =
      "O livro tem erros. Esta página é a última que deu certo.";
    caixa.querySelector("pre").textContent = texto;
  }

  // Quem desenha o progresso é o tema: aqui só chega a notícia.
  function contarProgresso(detail) {
    const visto = JSON.stringify(detail);
    if (visto === progressoVisto) return;
    progressoVisto = visto;
    window.progressoDoLivro = detail;
    dispatchEvent(new CustomEvent("progresso-do-livro", { detail }));
  }

  // Põe a página nova no lugar desta sem navegar, que custa mais do que a
  // montagem do livro. `document.open` desfaz tudo o que esta escutava.
  async function trocar() {
    fonte?.close();
    try {
      const resposta = await fetch(location.href, { cache: "no-store" });
      if (!resposta.ok) throw new Error(resposta.statusText);
      const nova = await resposta.text();
      const altura = scrollY;
      document.open();
      addEventListener("load", () => scrollTo(0, altura), { once: true });
      document.write(nova);
      document.close();
    } catch {
      location.reload();
    }
  }

  function ouvir() {
    fonte = new EventSource("/_livro/eventos");
    fonte.addEventListener("estado", (evento) => {
      const estado = JSON.parse(evento.data);
      if (estado.versao !== minha) {
        trocar();
        return;
      }
      mostrarErros(estado.erro);
      contarProgresso(estado.progresso);
    });
  }

  // Uma aba escondida solta a conexão: o navegador só tem seis por servidor.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      fonte?.close();
      fonte = null;
    } else if (!fonte) {
      ouvir();
    }
  });
  window.addEventListener("pagehide", () => fonte?.close());
  if (!document.hidden) {
    ouvir();
  }
})();
