//! A saída que o VPL do Moodle lê: a nota em uma linha `Grade :=>>` e os
//! comentários entre `<|--` e `--|>`, cada marca sozinha na linha. Dentro
//! deles, uma linha que começa por `-` é um título, e por `>`, texto como
//! está ([Execution settings][execucao]).
//!
//! O que o programa do aluno escreveu só aparece depois de um `>`: uma linha
//! dele nunca começa a linha, e por isso não pode dar nota nem fechar o
//! comentário.
//!
//! [execucao]: https://demovpl.dis.ulpgc.es/index.php/support/2014-09-27-15-07-38/57-how-to-configure-the-moodle-module

use std::fmt::Write;

use super::{impedimento, nome_para_o_aluno, recado, situacao_da_etapa};
use crate::turma::Turma;
use crate::turma::notas::traicoeira;
use crate::turma::registro::{EtapaRegistrada, Registro};

/// O texto que `vpl_evaluate.sh` deve escrever para esta entrega.
pub fn saida(turma: &Turma, registro: &Registro) -> String {
    let nota = turma.nota(registro);
    let mut texto = String::from("<|--\n");
    if let Some(motivo) = impedimento(registro) {
        texto.push_str("-A entrega\n");
        citar(&mut texto, &motivo);
    }
    for etapa in &registro.etapas {
        comentar(&mut texto, etapa);
    }
    if nota.desconto > 0 {
        writeln!(texto, "-Atraso: menos {} %", nota.desconto)
            .expect("escrever na memória");
    }
    let (inteiros, resto) = (nota.centesimos / 100, nota.centesimos % 100);
    write!(texto, "--|>\nGrade :=>> {inteiros}.{resto:02}\n")
        .expect("escrever na memória");
    texto
}

fn comentar(texto: &mut String, etapa: &EtapaRegistrada) {
    let pontos = if etapa.passou() { etapa.pontos } else { 0 };
    writeln!(
        texto,
        "-{}: {} ({pontos} de {})",
        em_uma_linha(&nome_para_o_aluno(etapa)),
        situacao_da_etapa(etapa.situacao),
        etapa.pontos
    )
    .expect("escrever na memória");
    let recado = recado(etapa);
    if !recado.is_empty() {
        citar(texto, &recado);
        citar(texto, &etapa.transcricao.join("\n"));
    }
}

fn citar(texto: &mut String, linhas: &str) {
    for linha in linhas.lines() {
        writeln!(texto, ">{}", em_uma_linha(linha))
            .expect("escrever na memória");
    }
}

/// Sem `\r` nem outro controle que faça as vezes de fim de linha.
fn em_uma_linha(linha: &str) -> String {
    let visivel = |c: char| if traicoeira(c) { ' ' } else { c };
    linha.chars().map(visivel).collect()
}
