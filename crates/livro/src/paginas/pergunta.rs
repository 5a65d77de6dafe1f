//! Perguntas de múltipla escolha, com a explicação de cada escolha dentro da
//! própria página: sem JavaScript, cada uma abre com um clique.

use super::Lugar;
use super::argumentos::tem_diretiva;
use crate::falha::Falha;
use crate::html::{de_markdown, de_markdown_em_linha};

/// Uma escolha, como o autor a escreveu.
struct Escolha {
    linha: usize,
    certa: bool,
    texto: Vec<String>,
    porque: Vec<String>,
}

/// Monta a pergunta de número `numero` na página a partir das linhas entre
/// `{{#pergunta}}` e `{{/pergunta}}`.
pub fn pergunta(
    lugar: Lugar<'_>,
    numero: usize,
    linhas: &[&str],
) -> Result<String, Falha> {
    let (enunciado, escolhas) = separar(lugar, linhas)?;
    conferir(lugar, &enunciado, &escolhas)?;
    let id = format!("{}-pergunta-{numero}", lugar.nome());
    let (titulo, resto) = match enunciado.split_once("\n\n") {
        Some((titulo, resto)) => (titulo, de_markdown(resto)),
        None => (enunciado.as_str(), String::new()),
    };
    let escolhas: String =
        escolhas.iter().map(|escolha| escolha.html(&id)).collect();
    Ok(format!(
        "<fieldset class=\"pergunta\" id=\"{id}\"><legend>\
         <span class=\"numero\">{numero}.</span> {}</legend>{resto}{escolhas}\
         </fieldset>",
        de_markdown_em_linha(titulo)
    ))
}

impl Escolha {
    fn html(&self, id: &str) -> String {
        let (certa, veredito) = if self.certa {
            ("sim", "Certa")
        } else {
            ("nao", "Errada")
        };
        format!(
            "<div class=\"escolha\" data-certa=\"{certa}\"><label>\
             <input type=\"radio\" name=\"{id}\"> <span>{}</span></label>\
             <details class=\"porque\"><summary>Por quê?</summary>\
             <div><b class=\"veredito\">{veredito}.</b> {}</div></details>\
             </div>",
            de_markdown_em_linha(&self.texto.join("\n")),
            de_markdown_em_linha(&self.porque.join("\n"))
        )
    }
}

fn separar(
    lugar: Lugar<'_>,
    linhas: &[&str],
) -> Result<(String, Vec<Escolha>), Falha> {
    let mut enunciado = Vec::new();
    let mut escolhas: Vec<Escolha> = Vec::new();
    for (posicao, linha) in linhas.iter().enumerate() {
        let aqui = lugar.abaixo(posicao + 1);
        if tem_diretiva(linha) {
            return Err(aqui.falha("não cabe outra diretiva na pergunta"));
        }
        if let Some((certa, texto)) = marca(linha) {
            let texto = vec![texto.trim().to_string()];
            let (linha, porque) = (aqui.linha, Vec::new());
            escolhas.push(Escolha {
                linha,
                certa,
                texto,
                porque,
            });
        } else if let Some(escolha) = escolhas.last_mut() {
            continuar(aqui, escolha, linha)?;
        } else {
            enunciado.push(*linha);
        }
    }
    Ok((enunciado.join("\n").trim().to_string(), escolhas))
}

/// Reconhece `- ( ) texto` e `- (x) texto`.
fn marca(linha: &str) -> Option<(bool, &str)> {
    if let Some(texto) = linha.strip_prefix("- ( )") {
        return Some((false, texto));
    }
    linha.strip_prefix("- (x)").map(|texto| (true, texto))
}

fn continuar(
    lugar: Lugar<'_>,
    escolha: &mut Escolha,
    linha: &str,
) -> Result<(), Falha> {
    let texto = linha.trim();
    if texto.is_empty() {
        return Ok(());
    }
    if !linha.starts_with("  ") {
        return Err(lugar.falha(
            "depois de uma escolha vem a explicação dela, com dois espaços e \
             `> `, ou outra escolha: `- ( )` ou `- (x)`",
        ));
    }
    match texto.strip_prefix('>') {
        Some(porque) => escolha.porque.push(porque.trim().to_string()),
        None if escolha.porque.is_empty() => {
            escolha.texto.push(texto.to_string());
        }
        None => return Err(lugar.falha("falta o `> ` da explicação")),
    }
    Ok(())
}

fn conferir(
    lugar: Lugar<'_>,
    enunciado: &str,
    escolhas: &[Escolha],
) -> Result<(), Falha> {
    if enunciado.is_empty() {
        return Err(lugar.falha("a pergunta não tem enunciado"));
    }
    if escolhas.len() < 2 {
        return Err(lugar.falha(
            "a pergunta precisa de pelo menos duas escolhas: `- ( ) texto`",
        ));
    }
    let certas = escolhas.iter().filter(|escolha| escolha.certa).count();
    if certas != 1 {
        return Err(lugar.falha(format!(
            "a pergunta tem {certas} escolhas certas, e deve ter uma: `- (x)`"
        )));
    }
    match escolhas.iter().find(|escolha| escolha.porque.is_empty()) {
        Some(muda) => Err(lugar.falha_em(
            lugar.pagina,
            muda.linha,
            "a escolha não tem explicação; ponha embaixo dela uma linha \
             `  > …`",
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod testes {
    use crate::paginas::bancada_de_teste::Mesa;

    fn mesa() -> Mesa {
        Mesa::com(&[("book/cap05-teste.md", "")])
    }

    const CERTA: &str = "{{#pergunta}}\nO que `read` devolve?\n\n\
        - ( ) Um erro.\n  > Não: é o RST.\n- (x) Zero.\n  > Isso: o fim\n  \
        > do fluxo.\n{{/pergunta}}\n";

    #[test]
    fn cada_escolha_tem_a_sua_explicacao() {
        let html = mesa().html(CERTA);

        assert!(html.contains("<legend>"), "{html}");
        assert!(html.contains("<code>read</code> devolve?"), "{html}");
        assert_eq!(html.matches("<details class=\"porque\">").count(), 2);
        assert_eq!(html.matches("data-certa=\"sim\"").count(), 1);
        assert!(html.contains("Isso: o fim do fluxo."), "{html}");
    }

    #[test]
    fn duas_perguntas_nao_misturam_as_escolhas() {
        let html = mesa().html(&format!("{CERTA}\n{CERTA}"));

        assert_eq!(
            html.matches("name=\"cap05-teste-pergunta-1\"").count(),
            2,
            "{html}"
        );
        assert_eq!(html.matches("id=\"cap05-teste-pergunta-2\"").count(), 1);
    }

    #[test]
    fn uma_escolha_sem_explicacao_e_uma_falha_na_linha_dela() {
        let falha = mesa()
            .falha("{{#pergunta}}\nQ?\n- (x) a\n  > b\n- ( ) c\n{{/pergunta}}");

        assert!(falha.starts_with("book/cap05-teste.md:5: "), "{falha}");
    }

    #[test]
    fn duas_certas_sao_uma_falha() {
        let falha = mesa().falha(
            "{{#pergunta}}\nQ?\n- (x) a\n  > b\n- (x) c\n  > d\n{{/pergunta}}",
        );

        assert!(falha.contains("2 escolhas certas"), "{falha}");
    }

    #[test]
    fn uma_escolha_so_e_uma_falha() {
        let falha =
            mesa().falha("{{#pergunta}}\nQ?\n- (x) a\n  > b\n{{/pergunta}}");

        assert!(falha.contains("pelo menos duas"), "{falha}");
    }

    #[test]
    fn uma_pergunta_sem_fim_e_uma_falha() {
        let falha = mesa().falha("a\n{{#pergunta}}\nQ?\n- (x) a\n  > b\n");

        assert!(falha.starts_with("book/cap05-teste.md:2: "), "{falha}");
        assert!(falha.contains("{{/pergunta}}"), "{falha}");
    }

    #[test]
    fn texto_solto_entre_as_escolhas_e_uma_falha() {
        let falha = mesa().falha(
            "{{#pergunta}}\nQ?\n- (x) a\n  > b\nsolto\n- ( ) c\n  > d\n\
             {{/pergunta}}",
        );

        assert!(falha.starts_with("book/cap05-teste.md:5: "), "{falha}");
    }
}
