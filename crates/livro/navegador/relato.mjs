// O que passou, o que falhou, e as tabelas.

let passaram = 0;
const falhas = [];

/** Anota uma conferência; a que falha aparece na hora, com o que se viu. */
export function conferir(certo, frase, visto = "") {
  if (certo) {
    passaram += 1;
    return;
  }
  const texto = visto === "" ? frase : `${frase}: ${visto}`;
  falhas.push(texto);
  console.log(`FALHOU  ${texto}`);
}

/** Imprime linhas alinhadas; a primeira é o cabeçalho. */
export function tabela(titulo, linhas) {
  const textos = linhas.map((linha) => linha.map(String));
  const larguras = textos[0].map((_, coluna) =>
    Math.max(...textos.map((linha) => linha[coluna].length)));
  console.log(`\n${titulo}`);
  for (const linha of textos) {
    const colunas = linha.map((texto, coluna) =>
      coluna === 0 ? texto.padEnd(larguras[0]) : texto.padStart(larguras[coluna]));
    console.log(`  ${colunas.join("  ")}`);
  }
}

/** A linha de fechamento; devolve o estado de saída. */
export function fechar() {
  if (falhas.length) console.log(`\nO que falhou:\n${falhas.map((f) => `  - ${f}`).join("\n")}`);
  console.log(`\n${passaram} passed, ${falhas.length} failed`);
  return falhas.length || !passaram ? 1 : 0;
}

/** Um número com vírgula. */
export const numero = (valor, casas = 1) => valor.toFixed(casas).replace(".", ",");
