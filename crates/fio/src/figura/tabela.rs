//! A mesma conversa em tabela: para leitores de tela, para o papel e para
//! quem não tem JavaScript.

use std::fmt::Write as _;

use crate::cena::{Cena, Passo};
use crate::estado::Estados;
use crate::figura::escrita::escapar;
use crate::frase;

/// Até quantos caracteres dos dados vão na tabela.
const TRECHO: usize = 40;

/// Escreve o `<details>` com a tabela.
pub(crate) fn html(cena: &Cena, titulo: &str) -> String {
    let mut saida = String::new();
    let quantos = frase::plural(cena.passos.len(), "pacote", "pacotes");
    let estados = cena.passos.iter().any(|p| p.mensagem.estados.is_some());
    let _ = write!(
        saida,
        "<details class=\"fio-tabela\"><summary>A mesma conversa em tabela \
         ({quantos})</summary><div class=\"fio-rolagem\" role=\"region\" \
         aria-label=\"{titulo}\" tabindex=\"0\"><table><thead><tr>\
         <th scope=\"col\">nº</th><th scope=\"col\">tempo (s)</th>\
         <th scope=\"col\">de → para</th><th scope=\"col\">pacote</th>\
         <th scope=\"col\">seq</th><th scope=\"col\">ack</th>\
         <th scope=\"col\">bytes</th><th scope=\"col\">janela</th>\
         <th scope=\"col\">o que leva</th>",
        titulo = escapar(titulo)
    );
    if estados {
        saida.push_str("<th scope=\"col\">estados</th>");
    }
    saida.push_str("</tr></thead><tbody>");
    for passo in &cena.passos {
        linha(&mut saida, cena, passo, estados);
    }
    saida.push_str("</tbody></table></div></details>");
    saida
}

fn linha(saida: &mut String, cena: &Cena, passo: &Passo, estados: bool) {
    let mensagem = &passo.mensagem;
    let tcp = mensagem.tcp;
    let opcional = |valor: Option<u32>| {
        valor.map_or_else(String::new, |valor| frase::inteiro(valor.into()))
    };
    let legenda = passo.legenda.as_deref().map(escapar);
    let legenda = legenda.map(|texto| format!("<em>{texto}</em>"));
    let quantos = mensagem.pacote.comprimento_dos_dados();
    let _ = write!(
        saida,
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{} → {}</td><td>{}</td>\
         <td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}{}</td>",
        mensagem.numero(),
        frase::segundos(cena.tempo(passo)),
        escapar(&cena.raias[passo.de].nome),
        escapar(&cena.raias[passo.para].nome),
        escapar(&passo.rotulo),
        opcional(tcp.map(|numeros| numeros.seq)),
        opcional(tcp.and_then(|numeros| numeros.ack)),
        frase::inteiro(quantos as u64),
        opcional(tcp.map(|numeros| numeros.janela)),
        escapar(&o_que_leva(passo)),
        legenda.unwrap_or_default(),
    );
    if estados {
        let texto = mensagem.estados.map_or(String::new(), dois_estados);
        let _ = write!(saida, "<td>{texto}</td>");
    }
    saida.push_str("</tr>\n");
}

fn dois_estados(estados: Estados) -> String {
    let nomes = estados.map(|estado| estado.map_or("?", |e| e.nome()));
    nomes.join(" /<br>")
}

fn o_que_leva(passo: &Passo) -> String {
    let carga = frase::carga(&passo.mensagem.pacote).linha(TRECHO);
    let marcas = passo.mensagem.marcas.nomes().join(", ");
    let defeito = passo.mensagem.pacote.defeito.clone();
    let partes = [carga, marcas, opcoes(passo), defeito.unwrap_or_default()];
    let cheias: Vec<String> = partes
        .into_iter()
        .filter(|parte| !parte.is_empty())
        .collect();
    cheias.join("; ")
}

/// As opções que só aparecem no começo da conexão, e as confirmações
/// seletivas.
fn opcoes(passo: &Passo) -> String {
    let Some(tcp) = passo.mensagem.cabecalho_tcp() else {
        return String::new();
    };
    let opcoes = &tcp.opcoes;
    let mut partes = Vec::new();
    if let Some(mss) = opcoes.mss {
        partes.push(format!("MSS {}", frase::inteiro(mss.into())));
    }
    if let Some(escala) = opcoes.escala {
        partes.push(format!("escala da janela {escala}"));
    }
    if opcoes.sack_permitido {
        partes.push("SACK permitido".to_owned());
    }
    if !opcoes.sack.is_empty() {
        partes.push(format!("SACK de {}", intervalos(passo, &opcoes.sack)));
    }
    partes.join(", ")
}

/// Os intervalos do SACK em números relativos, como a coluna do ACK.
fn intervalos(passo: &Passo, sack: &[(u32, u32)]) -> String {
    let absoluto = passo.mensagem.cabecalho_tcp().map_or(0, |tcp| tcp.ack);
    let relativo = passo.mensagem.tcp.and_then(|n| n.ack).unwrap_or(0);
    let zero = absoluto.wrapping_sub(relativo);
    let textos: Vec<String> = sack
        .iter()
        .map(|(de, ate)| {
            let de = frase::inteiro(de.wrapping_sub(zero).into());
            let ate = frase::inteiro(ate.wrapping_sub(zero).into());
            format!("{de} a {ate}")
        })
        .collect();
    textos.join(" e ")
}
