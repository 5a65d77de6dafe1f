//! Exercício do capítulo 9: um cliente que sabe esperar.
//!
//!     cargo run --bin cap09-exercicio -- 127.0.0.1:7109 "LER caixa"
//!     cargo oficina conferir cap09

use std::env;
use std::io;
use std::net::TcpStream;
use std::process::ExitCode;

const ENDERECO: &str = "127.0.0.1:7109";

fn main() -> ExitCode {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let mut conexao = None;
    for pedido in env::args().skip(2) {
        match pedir(&endereco, &pedido, &mut conexao) {
            Ok(resposta) => println!("{resposta}"),
            Err(erro) => {
                eprintln!("desisti de “{pedido}” ({erro})");
                return estado_de_saida(&erro).into();
            }
        }
    }
    ExitCode::SUCCESS
}

/// Pede até ter a resposta, até não poder repetir ou até o prazo acabar.
///
/// Falta escrever. Um caminho, uma etapa de cada vez:
/// 1. guarde o instante em que o prazo acaba;
/// 2. se não há conexão, conecte, com o tempo que resta;
/// 3. envie o tamanho (dois bytes) e o texto, em uma escrita só;
/// 4. leia dois bytes e depois o texto, cada leitura com o que resta;
/// 5. se falhou e pode repetir, espere um pouco e volte ao 2.
///
/// `conexao` guarda a conexão de um pedido para o outro; depois de uma
/// falha, ela não serve mais.
fn pedir(
    _endereco: &str,
    _pedido: &str,
    _conexao: &mut Option<TcpStream>,
) -> io::Result<String> {
    Err(io::Error::other(
        "falta escrever `pedir` em \
         crates/cap09-prazos-e-erros/src/bin/cap09-exercicio.rs",
    ))
}

/// 3 recusada; 4 tempo esgotado; 5 cortada; 1 outro erro.
///
/// Falta escrever: olhe `erro.kind()`.
fn estado_de_saida(_erro: &io::Error) -> u8 {
    1
}
