//! O programa confessou: um pânico de Rust ou uma exceção de Python, achados no
//! que ele escreveu, ditos em uma frase.

use super::programa::LinhaEscrita;

const PANICO: &str = "panicked at ";
const EXCECAO: &str = "Traceback (most recent call last):";

/// Onde e por que o programa parou, se a saída de erros dele diz. O primeiro
/// é a causa; os outros costumam ser consequência.
pub fn confissao(escrito: &[LinhaEscrita]) -> Option<String> {
    let erros: Vec<&str> = escrito
        .iter()
        .filter(|linha| linha.erro)
        .map(|linha| linha.texto.as_str())
        .collect();
    (0..erros.len()).find_map(|onde| {
        panico(&erros[onde..]).or_else(|| excecao(&erros[onde..]))
    })
}

/// `thread 'main' (7) panicked at src/main.rs:9:5:`, e o motivo na linha
/// seguinte.
fn panico(linhas: &[&str]) -> Option<String> {
    let (_, onde) = linhas.first()?.split_once(PANICO)?;
    let onde = onde.trim_end_matches(':');
    let motivo = linhas.get(1).map_or(String::new(), |m| format!(": {m}"));
    Some(format!("Ele entrou em pânico em {onde}{motivo}"))
}

/// `Traceback`, as chamadas com recuo e, sem recuo, a exceção. O lugar é a
/// última chamada de um arquivo do leitor; se não há, a última.
fn excecao(linhas: &[&str]) -> Option<String> {
    let (primeira, resto) = linhas.split_first()?;
    if *primeira != EXCECAO {
        return None;
    }
    let fim = resto.iter().position(|linha| !linha.starts_with(' '))?;
    let mut chamadas: Vec<&str> = resto[..fim]
        .iter()
        .filter_map(|linha| linha.trim().strip_prefix("File \""))
        .collect();
    if let Some(dele) = chamadas.iter().rposition(|c| !da_biblioteca(c)) {
        chamadas.truncate(dele + 1);
    }
    let onde = chamadas.last().and_then(|chamada| lugar(chamada));
    let onde = onde.map_or(String::new(), |onde| format!(" ({onde})"));
    Some(format!(
        "Uma exceção ficou sem tratamento: {}{onde}",
        resto[fim]
    ))
}

/// Se a chamada é do próprio Python ou de um pacote, e não do leitor.
fn da_biblioteca(chamada: &str) -> bool {
    let arquivo = chamada.split('"').next().unwrap_or_default();
    arquivo.starts_with('<')
        || ["/lib/python3", "/lib64/python3"]
            .iter()
            .any(|pasta| arquivo.contains(pasta))
}

/// De `/casa/eco.py", line 3, in main` a `eco.py, linha 3`.
fn lugar(chamada: &str) -> Option<String> {
    let (arquivo, resto) = chamada.split_once("\", line ")?;
    let linha = resto.split(',').next()?;
    let nome = arquivo.rsplit('/').next()?;
    Some(format!("{nome}, linha {linha}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dita(texto: &str) -> Option<String> {
        let linhas = texto.lines().map(|linha| LinhaEscrita {
            texto: linha.to_owned(),
            erro: true,
        });
        confissao(&linhas.collect::<Vec<_>>())
    }

    #[test]
    fn o_panico_de_rust_diz_onde_e_por_que() {
        let texto = "escutando\n\
                     thread 'main' (7) panicked at src/eco.rs:9:5:\n\
                     falta o endereço\n\
                     note: run with `RUST_BACKTRACE=1`";
        let esperado =
            "Ele entrou em pânico em src/eco.rs:9:5: falta o endereço";
        assert_eq!(dita(texto).as_deref(), Some(esperado));
    }

    #[test]
    fn a_excecao_de_python_diz_onde_e_por_que() {
        let texto = "Traceback (most recent call last):\n  \
                     File \"/casa/eco.py\", line 9, in <module>\n    \
                     main()\n  \
                     File \"/casa/eco.py\", line 3, in main\n    \
                     raise ValueError(\"não\")\n\
                     ValueError: não";
        let esperado = "Uma exceção ficou sem tratamento: ValueError: não \
                        (eco.py, linha 3)";
        assert_eq!(dita(texto).as_deref(), Some(esperado));
    }

    #[test]
    fn a_excecao_na_biblioteca_aponta_a_linha_do_leitor() {
        let texto = "Traceback (most recent call last):\n  \
                     File \"/casa/eco.py\", line 9, in <module>\n    \
                     main()\n  \
                     File \"/casa/eco.py\", line 4, in main\n    \
                     socket.getaddrinfo(\"x\", 1)\n  \
                     File \"/usr/lib/python3.12/socket.py\", line 962, in \
                     getaddrinfo\n    \
                     for res in _socket.getaddrinfo(host, port):\n\
                     socket.gaierror: não";
        let esperado = "Uma exceção ficou sem tratamento: socket.gaierror: \
                        não (eco.py, linha 4)";
        assert_eq!(dita(texto).as_deref(), Some(esperado));
        let so_dela = texto.replace("/casa/", "/usr/lib/python3.12/");
        assert!(dita(&so_dela).unwrap().ends_with("(socket.py, linha 962)"));
    }

    #[test]
    fn quem_so_conversa_nao_confessa_nada() {
        assert_eq!(dita("escutando\nerro: não encontrado"), None);
    }
}
