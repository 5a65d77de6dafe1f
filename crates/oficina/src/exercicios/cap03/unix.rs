//! A etapa do socket Unix, e o que há no caminho dele.

use std::path::Path;
use std::{fs, io};

#[cfg(target_os = "linux")]
use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::{OLHAR, conversar, terminar, trocar};
use crate::erros_classicos::Codigo;
use crate::palco::{Entrega, Interrupcao, Palco, Veredicto};

/// O conteúdo do arquivo comum que estava no caminho do socket.
const ALHEIO: &[u8] = b"a tese de alguem\n";

/// O mesmo eco por um socket Unix. O arquivo que fica de uma execução não
/// impede a seguinte; o que não é um socket não é apagado.
pub fn unix(palco: &mut Palco) -> Veredicto {
    let caminho = palco.usar_unix()?;
    for entrega in [Entrega::Inteiro, Entrega::Colado] {
        palco.titulo(format!("entrega: {entrega}"));
        let mut cliente = palco.conectar_em(entrega)?;
        conversar(&mut cliente, &["olá\n".as_bytes(), b"oi\n"])?;
        terminar(cliente)?;
    }
    palco.titulo("o servidor é encerrado; o arquivo fica, e ele volta");
    palco.reiniciar()?;
    let volta = palco.conectar_como("Bia", Entrega::Inteiro);
    let mut bia = volta.map_err(|parou| match parou {
        Interrupcao::Falha(_) => Interrupcao::falha(
            Codigo::CaminhoOcupado,
            "o programa não voltou a atender em um caminho em que já havia \
             um socket",
        ),
        outra => outra,
    })?;
    trocar(&mut bia)?;
    terminar(bia)?;
    arquivo_comum(palco, &caminho)?;
    fila_com_nome(palco, &caminho)
}

/// No caminho há um arquivo que não é socket: ele deve continuar lá.
fn arquivo_comum(palco: &mut Palco, caminho: &Path) -> Veredicto {
    palco.titulo("o servidor volta, e no caminho há um arquivo comum");
    // Se o programa já apagou o dele ao sair, melhor ainda.
    let _ = fs::remove_file(caminho);
    fs::write(caminho, ALHEIO).map_err(|erro| nao_pus(&erro))?;
    palco.narrar("arquivo", "tem", "“a tese de alguem\\n”");
    palco.reiniciar()?;
    palco.observar(OLHAR)?;
    match fs::read(caminho) {
        Ok(conteudo) if conteudo == ALHEIO => {
            palco.narrar("arquivo", "tem", "o mesmo conteúdo, como devia ser");
            Ok(())
        }
        _ => palco.falhar(
            Codigo::ArquivoApagado,
            "o arquivo comum que estava no caminho não está mais lá",
        ),
    }
}

/// O mesmo, com uma fila com nome (`mkfifo`): quem só poupa arquivos comuns a
/// apaga.
fn fila_com_nome(palco: &mut Palco, caminho: &Path) -> Veredicto {
    if !criar_fila(caminho).map_err(|erro| nao_pus(&erro))? {
        return Ok(());
    }
    palco.titulo("o servidor volta, e no caminho há uma fila com nome (FIFO)");
    palco.reiniciar()?;
    palco.observar(OLHAR)?;
    let ficou = fs::symlink_metadata(caminho).map(|dados| dados.file_type());
    match ficou {
        Ok(tipo) if e_fila(tipo) => Ok(()),
        _ => palco.falhar(
            Codigo::ArquivoApagado,
            "no caminho havia uma fila com nome (mkfifo), que não é um socket; \
             não está mais lá",
        ),
    }
}

fn nao_pus(erro: &io::Error) -> Interrupcao {
    Interrupcao::Inconclusiva(format!("não pus o arquivo lá: {erro}"))
}

/// Troca o arquivo pela fila, de uma vez; `false` se a oficina não sabe fazê-lo neste sistema.
#[cfg(target_os = "linux")]
fn criar_fila(caminho: &Path) -> io::Result<bool> {
    let modo = Mode::RUSR | Mode::WUSR;
    let nova = caminho.with_extension("fila");
    mknodat(CWD, &nova, FileType::Fifo, modo, 0)?;
    fs::rename(nova, caminho)?;
    Ok(true)
}

#[cfg(not(target_os = "linux"))]
fn criar_fila(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(unix)]
fn e_fila(tipo: fs::FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&tipo)
}

#[cfg(not(unix))]
fn e_fila(_: fs::FileType) -> bool {
    false
}
