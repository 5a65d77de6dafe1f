//! Instantes: o mínimo para comparar uma entrega com o prazo.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use toml::value::{Datetime, Offset};

/// O fuso de uma data sem fuso: o de Brasília, em minutos.
const FUSO: i64 = -3 * 60;

/// Um instante, em segundos desde 1970 (UTC), e o fuso em que se mostra.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instante {
    segundos: i64,
    /// Em minutos.
    fuso: i64,
}

impl Instante {
    /// Uma data do TOML. Sem hora, vale o último minuto do dia; sem fuso, o
    /// horário de Brasília.
    pub fn do_toml(data: &Datetime) -> Result<Instante> {
        let dia = data.date.context("falta o dia, como em 2026-11-20")?;
        let (hora, minuto, segundo) = match data.time {
            Some(hora) => (hora.hour, hora.minute, hora.second.unwrap_or(0)),
            None => (23, 59, 59),
        };
        let fuso = match data.offset {
            Some(Offset::Z) => 0,
            Some(Offset::Custom { minutes }) => i64::from(minutes),
            None => FUSO,
        };
        if !(1..=12).contains(&dia.month) {
            bail!("não há mês {}", dia.month);
        }
        let dias = dias_desde_1970(
            i64::from(dia.year),
            i64::from(dia.month),
            i64::from(dia.day),
        );
        let no_dia = i64::from(hora) * 3600
            + i64::from(minuto) * 60
            + i64::from(segundo);
        Ok(Instante {
            segundos: dias * 86_400 + no_dia - fuso * 60,
            fuso,
        })
    }

    /// Um instante do sistema (a data de um arquivo), no fuso de Brasília.
    pub fn do_sistema(instante: SystemTime) -> Instante {
        let desde = instante.duration_since(UNIX_EPOCH);
        Instante {
            segundos: desde.map_or(0, |d| d.as_secs().cast_signed()),
            fuso: FUSO,
        }
    }

    /// Quantos minutos depois de `prazo`, o minuto começado inteiro.
    pub fn atraso(self, prazo: Instante) -> u64 {
        let segundos = self.segundos - prazo.segundos;
        u64::try_from(segundos).map_or(0, |s| s.div_ceil(60))
    }
}

/// Uma data ISO 8601 com fuso, em UTC: `2026-11-21T11:10:00Z`. O que não é uma
/// data (ou não se sabe) vira o começo de 1970.
pub fn em_utc(texto: &str) -> String {
    let data = texto.parse::<Datetime>();
    let instante = data.ok().and_then(|d| Instante::do_toml(&d).ok());
    let segundos = instante.map_or(0, |instante| instante.segundos);
    let em_utc = Instante { segundos, fuso: 0 }.to_string();
    em_utc.trim_end_matches("+00:00").to_owned() + "Z"
}

impl fmt::Display for Instante {
    /// ISO 8601: `2026-11-21T08:10:00-03:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.segundos + self.fuso * 60;
        let (ano, mes, dia) = data_civil(local.div_euclid(86_400));
        let no_dia = local.rem_euclid(86_400);
        let (hora, minuto) = (no_dia / 3600, no_dia / 60 % 60);
        let sinal = if self.fuso < 0 { '-' } else { '+' };
        let fuso = self.fuso.abs();
        write!(
            f,
            "{ano:04}-{mes:02}-{dia:02}T{hora:02}:{minuto:02}:{:02}\
             {sinal}{:02}:{:02}",
            no_dia % 60,
            fuso / 60,
            fuso % 60
        )
    }
}

/// Os dias entre 1970-01-01 e uma data do calendário gregoriano, com o ano
/// começado em março para que o dia a mais fique no fim.
fn dias_desde_1970(ano: i64, mes: i64, dia: i64) -> i64 {
    let ano = if mes <= 2 { ano - 1 } else { ano };
    let seculos = ano.div_euclid(400);
    let no_ciclo = ano.rem_euclid(400);
    let desde_marco = (153 * ((mes + 9) % 12) + 2) / 5 + dia - 1;
    let dias = no_ciclo * 365 + no_ciclo / 4 - no_ciclo / 100 + desde_marco;
    seculos * 146_097 + dias - 719_468
}

/// O inverso de [`dias_desde_1970`].
fn data_civil(dias: i64) -> (i64, i64, i64) {
    let dias = dias + 719_468;
    let seculos = dias.div_euclid(146_097);
    let no_ciclo = dias.rem_euclid(146_097);
    let ano = (no_ciclo - no_ciclo / 1460 + no_ciclo / 36_524
        - no_ciclo / 146_096)
        / 365;
    let no_ano = no_ciclo - (365 * ano + ano / 4 - ano / 100);
    let mes = (5 * no_ano + 2) / 153;
    let dia = no_ano - (153 * mes + 2) / 5 + 1;
    let mes = if mes < 10 { mes + 3 } else { mes - 9 };
    let ano = ano + seculos * 400 + i64::from(mes <= 2);
    (ano, mes, dia)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instante(texto: &str) -> Instante {
        Instante::do_toml(&texto.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_data_vai_e_volta() {
        for texto in [
            "1970-01-01T00:00:00+00:00",
            "2024-02-29T23:59:59-03:00",
            "2026-11-20T23:59:00-03:00",
            "2100-03-01T12:00:00+05:30",
        ] {
            assert_eq!(instante(texto).to_string(), texto);
        }
    }

    #[test]
    fn em_utc_perde_o_fuso_e_nao_a_hora() {
        assert_eq!(em_utc("2026-11-21T22:10:00-03:00"), "2026-11-22T01:10:00Z");
        assert_eq!(em_utc("nunca"), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn sem_hora_vale_o_fim_do_dia_de_brasilia() {
        let fim = instante("2026-11-20T23:59:59-03:00");
        assert_eq!(instante("2026-11-20"), fim);
    }

    #[test]
    fn o_atraso_conta_minutos_comecados_em_qualquer_fuso() {
        let prazo = instante("2026-11-20T23:59:00-03:00");
        assert_eq!(instante("2026-11-21T02:59:00Z").atraso(prazo), 0);
        assert_eq!(instante("2026-11-21T02:59:01Z").atraso(prazo), 1);
        assert_eq!(instante("2026-11-20T12:00:00Z").atraso(prazo), 0);
    }
}
