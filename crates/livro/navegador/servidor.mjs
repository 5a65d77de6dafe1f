// Serve a pasta do livro montado no laço local, com a mesma política de
// conteúdo de `cargo run` (crates/livro/src/servidor/respostas.rs).

import { createServer } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const TIPOS = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

const POLITICA = "default-src 'none'; script-src 'self'; style-src 'self'; "
  + "style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
  + "connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

async function achar(pasta, endereco) {
  const caminho = normalize(decodeURIComponent(new URL(endereco, "http://livro").pathname));
  const arquivo = join(pasta, caminho.endsWith("/") ? `${caminho}index.html` : caminho);
  try {
    return { estado: 200, arquivo, corpo: await readFile(arquivo) };
  } catch {
    const outro = join(pasta, "404.html");
    return { estado: 404, arquivo: outro, corpo: await readFile(outro) };
  }
}

/** Serve a pasta em uma porta livre. Devolve o endereço e quem desliga. */
export async function servir(pasta) {
  const servidor = createServer(async (pedido, resposta) => {
    const { estado, arquivo, corpo } = await achar(pasta, pedido.url);
    const cabecalhos = {
      "content-type": TIPOS[extname(arquivo)] ?? "application/octet-stream",
      "content-security-policy": POLITICA,
      "content-encoding": "gzip",
      "cache-control": "max-age=3600",
    };
    resposta.writeHead(estado, cabecalhos).end(gzipSync(corpo));
  });
  await new Promise((pronto) => servidor.listen(0, "127.0.0.1", pronto));
  return {
    endereco: `http://127.0.0.1:${servidor.address().port}/`,
    desligar: () => servidor.close(),
  };
}

/** As páginas da pasta, a de abertura primeiro; `print.html` tem teste próprio. */
export async function paginasDe(pasta) {
  const nomes = (await readdir(pasta)).filter((nome) => nome.endsWith(".html"));
  const paginas = nomes.filter((nome) => nome !== "print.html" && nome !== "toc.html").sort();
  return ["index.html", ...paginas.filter((nome) => nome !== "index.html")];
}
