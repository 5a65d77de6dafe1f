//! O comando que repete uma etapa sem o conferidor, em dois terminais.

use crate::conferencia::ResultadoDaEtapa;
use crate::enunciado::Papel;

/// A porta do capítulo 0; a de cada um é esta mais o número dele.
const PORTA: u16 = 7000;

/// Os dois comandos, na ordem em que se digitam: quem escuta vem primeiro.
pub fn a_mao(
    capitulo: &str,
    etapa: &ResultadoDaEtapa,
    comando: &[String],
) -> String {
    let curto = capitulo.split('-').next().unwrap_or_default();
    let numero: u16 = curto.trim_start_matches("cap").parse().unwrap_or(0);
    let porta = (PORTA + numero).to_string();
    let com_porta = |texto: &str| texto.replace("{porta}", &porta);
    let inicio = match comando.is_empty() {
        true => format!("cargo run --bin {curto}-exercicio --"),
        false => digitavel(comando),
    };
    let endereco = etapa.a_mao.endereco.as_deref();
    let endereco = com_porta(endereco.unwrap_or("127.0.0.1:{porta}"));
    let argumentos = [&[endereco], etapa.argumentos.as_slice()].concat();
    let programa = format!("{inicio} {}", digitavel(&argumentos));
    let outro = etapa.a_mao.outro.as_deref();
    let outro = com_porta(outro.unwrap_or(outro_lado(etapa.papel)));
    match etapa.papel.servidor() {
        true => format!("{programa}  e  {outro}"),
        false => format!("{outro}  e  {programa}"),
    }
}

/// O `nc` que faz o papel contrário ao do programa.
fn outro_lado(papel: Papel) -> &'static str {
    match papel {
        Papel::Servidor => "nc 127.0.0.1 {porta}",
        Papel::Cliente => "nc -l 127.0.0.1 {porta}",
        Papel::ServidorUdp => "nc -u 127.0.0.1 {porta}",
        Papel::ClienteUdp => "nc -u -l 127.0.0.1 {porta}",
    }
}

/// O comando como se digita: entre aspas o que o terminal partiria.
pub fn digitavel(comando: &[String]) -> String {
    let comum = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    let palavras = comando.iter().map(|palavra| {
        match !palavra.is_empty() && palavra.chars().all(comum) {
            true => palavra.clone(),
            false => format!("'{}'", palavra.replace('\'', r"'\''")),
        }
    });
    palavras.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conferencia::Conferencia;
    use crate::exercicios::Exercicio;

    /// À mão, a etapa `id` do capítulo, com o exercício ou com este comando.
    fn da_etapa(capitulo: &str, id: &str, comando: &[&str]) -> String {
        let exercicio = Exercicio::procurar(capitulo).unwrap();
        let resultado =
            Conferencia::sem_programa(exercicio, "", String::new()).unwrap();
        let etapa = resultado.etapas.iter().find(|e| e.id == id).unwrap();
        let palavras: Vec<_> =
            comando.iter().map(|p| (*p).to_owned()).collect();
        a_mao(exercicio.capitulo, etapa, &palavras)
    }

    #[test]
    fn a_mao_inicia_o_programa_que_o_leitor_deu() {
        assert_eq!(
            da_etapa("cap05", "eco", &["python3", "meu eco.py"]),
            "python3 'meu eco.py' 127.0.0.1:7005  e  nc 127.0.0.1 7005"
        );
        assert_eq!(
            da_etapa("cap04", "sem_resposta", &[]),
            "nc -l 127.0.0.1 7004  e  \
             cargo run --bin cap04-exercicio -- 127.0.0.1:7004"
        );
    }

    #[test]
    fn a_mao_leva_os_argumentos_da_etapa() {
        let com_pedido = da_etapa("cap09", "fatias", &["./a.out"]);
        assert!(com_pedido.ends_with("./a.out 127.0.0.1:7009 'LER caixa'"));
    }

    #[test]
    fn a_mao_usa_o_endereco_e_o_outro_lado_da_etapa() {
        assert_eq!(
            da_etapa("cap03", "pilha_dupla", &[]),
            "cargo run --bin cap03-exercicio -- '[::]:7003'  e  \
             nc 127.0.0.1 7003"
        );
        assert_eq!(
            da_etapa("cap03", "unix", &[]),
            "cargo run --bin cap03-exercicio -- unix:/tmp/eco.sock  e  \
             nc -U /tmp/eco.sock"
        );
    }
}
