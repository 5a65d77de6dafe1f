//! De quem é o valor: a posse, o empréstimo e o fim.
//!
//!     cargo run --bin minimo-posse

// ANCHOR: conexao
/// Faz as vezes de um `TcpStream`: avisa quando é descartada.
struct Conexao(&'static str);

impl Drop for Conexao {
    fn drop(&mut self) {
        println!("  fechou a de {}", self.0);
    }
}
// ANCHOR_END: conexao

// ANCHOR: main
fn main() {
    let mut nomes = Vec::new();
    anotar(&mut nomes, "Ana"); // empresta para mudar
    anotar(&mut nomes, "Bia");
    println!("{} nomes: {nomes:?}", contar(&nomes)); // empresta para olhar

    let ana = Conexao("Ana");
    let bia = Conexao("Bia");
    atender(bia); // dá: daqui em diante, bia não existe mais nesta função
    println!("ainda tenho a de {}", ana.0);
} // aqui ana sai de cena
// ANCHOR_END: main

// ANCHOR: funcoes
fn anotar(nomes: &mut Vec<String>, nome: &str) {
    nomes.push(nome.to_string());
}

fn contar(nomes: &[String]) -> usize {
    nomes.len()
}

fn atender(conexao: Conexao) {
    println!("atendo {}", conexao.0);
    drop(conexao); // aconteceria de qualquer modo, na chave
}
// ANCHOR_END: funcoes
