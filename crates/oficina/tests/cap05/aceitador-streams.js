// aceitador
// Um laço de eventos, com a contrapressão do `pipe`.
const net = require("node:net");

const [, host, porta] = /^(.*):(\d+)$/.exec(process.argv[2]);
const servidor = net.createServer({ allowHalfOpen: true }, (conexao) => {
  conexao.on("error", () => conexao.destroy());
  conexao.pipe(conexao);
});
servidor.listen(Number(porta), host);
