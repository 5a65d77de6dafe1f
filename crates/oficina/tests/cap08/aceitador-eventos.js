// aceitador
// Um laço de eventos; `end` encerra só o envio, e o resto se joga fora.
const net = require("node:net");

const [host, porta] = process.argv.at(-1).split(":");
const fila = [];
const ouvinte = net.createServer({ allowHalfOpen: true }, atender);
ouvinte.listen(Number(porta), host);

function atender(conexao) {
  let guardados = Buffer.alloc(0);
  let espera = "pedido";
  const dizer = (linha) => {
    espera = "nada";
    conexao.end(linha);
  };
  conexao.on("data", (chegados) => {
    if (espera === "nada") return;
    guardados = Buffer.concat([guardados, chegados]);
    const fim = guardados.indexOf("\n");
    if (espera === "recado" || fim < 0) return;
    const linha = guardados.subarray(0, fim).toString("latin1");
    guardados = guardados.subarray(fim + 1);
    if (espera === "confirmação") {
      if (linha === "OK") fila.shift();
      dizer("");
    } else if (linha === "DEIXA") {
      espera = "recado";
    } else if (linha !== "PEGA") {
      dizer("NAO ENTENDI\n");
    } else if (fila.length === 0) {
      dizer("VAZIO\n");
    } else {
      espera = "confirmação";
      conexao.write(`${fila[0].length}\n`);
      conexao.write(fila[0]);
    }
  });
  conexao.on("end", () => {
    if (espera === "recado") {
      fila.push(guardados);
      dizer(`GUARDEI ${guardados.length}\n`);
    } else if (espera !== "nada") {
      dizer(espera === "pedido" ? "NAO ENTENDI\n" : "");
    }
  });
  conexao.on("error", () => conexao.destroy());
  conexao.setTimeout(10_000, () => conexao.destroy());
}
