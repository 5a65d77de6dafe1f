// mutante: etapa=lotes codigo=M16
// Ninguém ouve o evento error: a queda de um cliente derruba o programa.
const net = require("node:net");

const [host, porta] = process.argv.at(-1).split(":");
const ouvinte = net.createServer({ allowHalfOpen: true }, atender);
ouvinte.listen(Number(porta), host);

function atender(conexao) {
  let guardados = Buffer.alloc(0);
  let fechada = false;
  const medidas = [];
  const fechar = () => {
    fechada = true;
    conexao.end();
  };
  conexao.on("data", (chegados) => {
    guardados = Buffer.concat([guardados, chegados]);
    while (!fechada) {
      const tamanho = tamanhoDaPrimeira(guardados);
      if (tamanho === null) {
        fechar();
      } else if (tamanho > 5 + 8 * 1000) {
        conexao.write(resposta("E", 1000, 0));
        fechar();
      } else if (guardados.length < tamanho) {
        return;
      } else {
        tratar(conexao, medidas, guardados.subarray(0, tamanho));
        guardados = guardados.subarray(tamanho);
      }
    }
  });
  conexao.on("end", fechar);
}

/** Quantos bytes tem a primeira mensagem; `null` se o tipo não existe. */
function tamanhoDaPrimeira(guardados) {
  if (guardados.length === 0) return 1;
  const tipo = String.fromCharCode(guardados[0]);
  if (tipo === "M" || tipo === "C") return 9;
  if (tipo !== "L") return null;
  return guardados.length < 5 ? 5 : 5 + 8 * guardados.readUInt32BE(1);
}

function tratar(conexao, medidas, mensagem) {
  if (mensagem[0] === "C".charCodeAt(0)) {
    const inicio = mensagem.readUInt32BE(1);
    const fim = mensagem.readUInt32BE(5);
    const dentro = medidas.filter(([i]) => inicio <= i && i <= fim);
    const maior = dentro.reduce((m, [, t]) => Math.max(m, t), -Infinity);
    const quantas = dentro.length;
    conexao.write(resposta("R", quantas, quantas ? maior : 0));
    return;
  }
  const pares = mensagem[0] === "M".charCodeAt(0) ? 1 : 5;
  for (let onde = pares; onde < mensagem.length; onde += 8) {
    medidas.push([mensagem.readUInt32BE(onde), mensagem.readInt32BE(onde + 4)]);
  }
}

function resposta(tipo, primeiro, segundo) {
  const bytes = Buffer.alloc(9);
  bytes.write(tipo);
  bytes.writeUInt32BE(primeiro, 1);
  bytes.writeInt32BE(segundo, 5);
  return bytes;
}
