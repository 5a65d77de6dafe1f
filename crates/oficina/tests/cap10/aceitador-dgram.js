// aceitador
const dgram = require('node:dgram');
const readline = require('node:readline');

const [, , endereco, papel] = process.argv;
const meio = endereco.lastIndexOf(':');
const host = endereco.slice(0, meio);
const porta = Number(endereco.slice(meio + 1));
const SEM_RESPOSTA = Buffer.from('sem resposta');

const socket = dgram.createSocket('udp4');
// Uma porta sem ninguém não é o fim do programa.
socket.on('error', () => {});

function ecoar() {
  socket.on('message', (dados, de) => {
    const longo = dados.length > 1200;
    const eco = longo ? Buffer.from('longo demais') : dados;
    socket.send(eco, de.port, de.address);
  });
  socket.bind(porta, host);
}

let receber = () => {};
socket.on('message', (dados, de) => receber(dados, de));

function perguntar(numero, linha) {
  return new Promise((resolver) => {
    const prefixo = Buffer.from(`${numero} `);
    const acabar = (texto) => {
      clearTimeout(relogio);
      receber = () => {};
      resolver(texto);
    };
    const relogio = setTimeout(() => acabar(SEM_RESPOSTA), 1000);
    receber = (dados, de) => {
      const comeco = dados.subarray(0, prefixo.length);
      if (de.address === host && de.port === porta && comeco.equals(prefixo)) {
        acabar(dados.subarray(prefixo.length));
      }
    };
    socket.send(Buffer.concat([prefixo, linha]), porta, host, (erro) => {
      if (erro) acabar(SEM_RESPOSTA);
    });
  });
}

async function perguntas() {
  let numero = 0;
  for await (const texto of readline.createInterface(process.stdin)) {
    const linha = Buffer.from(texto);
    const resposta =
      linha.length > 1200
        ? Buffer.from('longa demais')
        : await perguntar(++numero, linha);
    process.stdout.write(Buffer.concat([resposta, Buffer.from('\n')]));
  }
  socket.close();
}

if (papel === 'eco') ecoar();
else perguntas();
