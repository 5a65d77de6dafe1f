//! A linha de uma diretiva: `{{#nome valor chave=valor chave="a b"}}`.

/// Uma diretiva sozinha na linha.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Diretiva<'a> {
    /// O nome, sem `#` nem `/`.
    pub nome: &'a str,
    /// O que vem depois do nome.
    pub argumentos: &'a str,
    /// Se é a marca de fim: `{{/nome}}`.
    pub fecha: bool,
}

impl<'a> Diretiva<'a> {
    /// Reconhece a diretiva, se a linha inteira é uma.
    pub fn ler(linha: &'a str) -> Option<Diretiva<'a>> {
        let dentro = linha.trim().strip_prefix("{{")?.strip_suffix("}}")?;
        let (fecha, resto) = match dentro.strip_prefix('#') {
            Some(resto) => (false, resto),
            None => (true, dentro.strip_prefix('/')?),
        };
        let (nome, argumentos) = match resto.split_once(char::is_whitespace) {
            Some((nome, argumentos)) => (nome, argumentos.trim()),
            None => (resto, ""),
        };
        Some(Diretiva {
            nome,
            argumentos,
            fecha,
        })
    }
}

/// Se a linha tem uma diretiva que não está sozinha nem escapada com `\`.
pub fn tem_diretiva(linha: &str) -> bool {
    ["{{#", "{{/"].iter().any(|marca| {
        linha
            .match_indices(marca)
            .any(|(posicao, _)| !linha[..posicao].ends_with('\\'))
    })
}

/// Um argumento: o nome, se houver, e o valor sem as aspas.
pub type Argumento = (Option<String>, String);

/// Separa os argumentos; a falha diz qual aspa ficou aberta.
pub fn separar(texto: &str) -> Result<Vec<Argumento>, String> {
    let mut saida = Vec::new();
    let mut resto = texto.trim();
    while !resto.is_empty() {
        let (argumento, depois) = proximo(resto)?;
        saida.push(argumento);
        resto = depois.trim_start();
    }
    Ok(saida)
}

fn proximo(resto: &str) -> Result<(Argumento, &str), String> {
    let fim_do_nome = resto.find(['=', '"', ' ']).unwrap_or(resto.len());
    let (nome, valor) = match resto[fim_do_nome..].strip_prefix('=') {
        Some(valor) => (Some(resto[..fim_do_nome].to_string()), valor),
        None => (None, resto),
    };
    let (valor, depois) = valor_com_ou_sem_aspas(valor)?;
    Ok(((nome, valor.to_string()), depois))
}

fn valor_com_ou_sem_aspas(texto: &str) -> Result<(&str, &str), String> {
    match texto.strip_prefix('"') {
        Some(dentro) => dentro
            .split_once('"')
            .ok_or_else(|| format!("falta fechar as aspas de `\"{dentro}`")),
        None => Ok(texto.split_once(' ').unwrap_or((texto, ""))),
    }
}

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn a_diretiva_precisa_estar_sozinha_na_linha() {
        let lida = Diretiva::ler("{{#sessao ../a.txt}}").expect("diretiva");

        assert_eq!((lida.nome, lida.argumentos), ("sessao", "../a.txt"));
        assert!(Diretiva::ler("veja {{#sessao ../a.txt}}").is_none());
        assert!(Diretiva::ler("{{/abas}}").expect("diretiva").fecha);
    }

    #[test]
    fn a_barra_invertida_escapa_a_diretiva() {
        assert!(!tem_diretiva("escreva \\{{#abas}} na linha"));
        assert!(tem_diretiva("escreva {{#abas}} na linha"));
    }

    #[test]
    fn os_argumentos_podem_ter_nome_e_aspas() {
        let lidos = separar("../a.pcap filtro=\"tcp porta 7\" n=3 \"uma b\"");

        let nome = |texto: &str| Some(texto.to_string());
        assert_eq!(
            lidos,
            Ok(vec![
                (None, "../a.pcap".to_string()),
                (nome("filtro"), "tcp porta 7".to_string()),
                (nome("n"), "3".to_string()),
                (None, "uma b".to_string()),
            ])
        );
    }

    #[test]
    fn aspas_abertas_sao_uma_falha() {
        assert!(separar("antes=\"cap04").is_err());
    }
}
