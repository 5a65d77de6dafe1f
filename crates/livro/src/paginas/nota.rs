//! As notas do Markdown do GitHub (`> [!NOTE]`), com o título em português: o
//! mdBook só sabe o inglês.

/// A palavra de `> [!NOTE]`, se a linha abre uma nota.
pub fn tipo(linha: &str) -> Option<&str> {
    linha.strip_prefix("> [!")?.strip_suffix(']').map(str::trim)
}

/// O HTML que abre a nota; `None` se o tipo não existe.
pub fn abertura(tipo: &str) -> Option<String> {
    let titulo = match tipo {
        "NOTE" => "Nota",
        "TIP" => "Dica",
        "IMPORTANT" => "Importante",
        "WARNING" => "Atenção",
        "CAUTION" => "Cuidado",
        _ => return None,
    };
    Some(format!(
        "<div class=\"nota nota-{}\"><p class=\"nota-titulo\">{titulo}</p>",
        tipo.to_lowercase()
    ))
}

/// O que dizer de um tipo que não existe.
pub fn desconhecida() -> &'static str {
    "uma nota é `> [!NOTE]`, `> [!TIP]`, `> [!IMPORTANT]`, `> [!WARNING]` ou \
     `> [!CAUTION]`"
}

#[cfg(test)]
mod testes {
    use crate::paginas::bancada_de_teste::Mesa;

    fn mesa() -> Mesa {
        Mesa::com(&[("book/cap05-teste.md", "")])
    }

    #[test]
    fn a_nota_tem_titulo_em_portugues_e_aceita_markdown() {
        let html = mesa().html("> [!WARNING]\n> Um **aviso**.\n\nfora\n");

        assert!(html.contains("nota nota-warning"), "{html}");
        assert!(html.contains("Atenção</p>\n\nUm **aviso**.\n"), "{html}");
        assert!(html.contains("</div>\n\n\nfora"), "{html}");
    }

    #[test]
    fn um_tipo_que_nao_existe_e_uma_falha() {
        let falha = mesa().falha("> [!PERIGO]\n> a\n");

        assert!(falha.contains("[!CAUTION]"), "{falha}");
    }
}
