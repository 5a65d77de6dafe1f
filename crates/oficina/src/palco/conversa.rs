//! Um eco grande demais para os buffers: enviar e receber ao mesmo tempo.

use std::time::{Duration, Instant};

use super::conexao::Conexao;
use super::evidencia::bytes;
use super::veredicto::Passo;

/// Depois deste tempo, um programa certo mas lento não precisa enviar tudo.
const TEMPO_DO_VOLUME: Duration = Duration::from_secs(3);

/// O mínimo que sempre passa: mais do que cabe nos buffers dos dois lados.
const VOLUME_MINIMO: usize = 1024 * 1024;

/// Quanto se entrega por vez ao sistema.
const BLOCO: usize = 256 * 1024;

impl Conexao {
    /// Envia `tudo` e espera de volta os mesmos bytes, em blocos; no modo
    /// *lento*, só recebe quando não consegue mais enviar. Um programa
    /// devagar, mas que anda, é conferido com menos bytes, e a transcrição
    /// diz quantos.
    pub fn conversar(&mut self, tudo: &[u8]) -> Passo<()> {
        let inicio = Instant::now();
        let mut enviados = 0;
        let mut conferidos = 0;
        self.narrar("vou enviar", &bytes(tudo.len()));
        for bloco in tudo.chunks(BLOCO) {
            let lento = inicio.elapsed() >= TEMPO_DO_VOLUME;
            if self.fim.is_some() || lento && enviados >= VOLUME_MINIMO {
                break;
            }
            self.escrever(bloco)?;
            enviados += bloco.len();
            conferidos += self.conferir_chegada(&tudo[conferidos..])?;
            // Depois de encher os buffers uma vez, não adianta correr à frente
            // de um programa devagar.
            let atrasados = enviados - conferidos;
            if self.lendo() && atrasados > VOLUME_MINIMO {
                let alcancar = atrasados - VOLUME_MINIMO;
                self.receber_ate(|c| c.entrada.len() >= alcancar);
                conferidos += self.conferir_chegada(&tudo[conferidos..])?;
            }
        }
        self.narrar("enviei", &bytes(enviados));
        self.esperar_bytes(&tudo[conferidos..enviados])?;
        let tempo = format!("{:.1}", inicio.elapsed().as_secs_f64());
        let tempo = tempo.replace('.', ",");
        self.narrar("recebi", &format!("tudo de volta, em {tempo} s"));
        Ok(())
    }

    /// Confere e descarta o que já chegou; devolve quantos bytes eram.
    fn conferir_chegada(&mut self, esperado: &[u8]) -> Passo<usize> {
        let chegaram = self.entrada.len().min(esperado.len());
        if self.entrada[..chegaram] == esperado[..chegaram] {
            self.entrada.drain(..chegaram);
            return Ok(chegaram);
        }
        self.esperar_bytes(esperado).map(|()| esperado.len())
    }
}
