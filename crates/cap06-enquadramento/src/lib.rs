//! Quatro formas de marcar, em um fluxo de bytes, onde uma mensagem acaba.
//!
//! Cada leitor devolve a próxima mensagem, `None` se o fluxo acabou entre duas
//! mensagens, ou um erro se ele acabou no meio de uma.

use std::io::{self, BufRead, Error, ErrorKind, Read};

/// O maior tamanho de mensagem que aceitamos guardar, em bytes.
pub const LIMITE: usize = 1024;
/// Bytes de cada mensagem de tamanho fixo.
pub const TAMANHO_FIXO: usize = 10;

// ANCHOR: ler_linha
/// Delimitador: a mensagem acaba no primeiro `\n`, que não faz parte dela.
pub fn ler_linha(leitor: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut linha = Vec::new();
    let maximo = LIMITE as u64 + 1; // a mensagem e o `\n`
    leitor.take(maximo).read_until(b'\n', &mut linha)?;
    match linha.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(linha)),
        Some(_) if linha.len() == LIMITE => Err(longa_demais()),
        Some(_) => Err(ErrorKind::UnexpectedEof.into()),
    }
}
// ANCHOR_END: ler_linha

// ANCHOR: ler_com_prefixo
/// Prefixo: dois bytes dizem quantos bytes vêm depois.
pub fn ler_com_prefixo(
    leitor: &mut impl BufRead,
) -> io::Result<Option<Vec<u8>>> {
    if leitor.fill_buf()?.is_empty() {
        return Ok(None); // o fim veio entre duas mensagens
    }
    let mut prefixo = [0; 2];
    leitor.read_exact(&mut prefixo)?;
    let tamanho = usize::from(u16::from_be_bytes(prefixo));
    if tamanho > LIMITE {
        return Err(longa_demais());
    }
    let mut mensagem = vec![0; tamanho];
    leitor.read_exact(&mut mensagem)?;
    Ok(Some(mensagem))
}
// ANCHOR_END: ler_com_prefixo

// ANCHOR: ler_fixa
/// Tamanho fixo: dez bytes, completados com espaços à direita.
pub fn ler_fixa(leitor: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    if leitor.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut mensagem = [b' '; TAMANHO_FIXO];
    leitor.read_exact(&mut mensagem)?;
    Ok(Some(mensagem.trim_ascii_end().to_vec()))
}
// ANCHOR_END: ler_fixa

// ANCHOR: ler_ate_o_fim
/// Fim da conexão: a mensagem é tudo o que vier até o fim do fluxo.
pub fn ler_ate_o_fim(leitor: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut mensagem = Vec::new();
    leitor.take(LIMITE as u64 + 1).read_to_end(&mut mensagem)?;
    match mensagem.len() {
        0 => Ok(None),
        1..=LIMITE => Ok(Some(mensagem)),
        _ => Err(longa_demais()),
    }
}
// ANCHOR_END: ler_ate_o_fim

fn longa_demais() -> Error {
    Error::new(ErrorKind::InvalidData, "mensagem longa demais")
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use super::*;

    type Ler =
        fn(&mut BufReader<Cursor<Vec<u8>>>) -> io::Result<Option<Vec<u8>>>;

    /// Lê todas as mensagens, com um buffer de `tamanho` bytes.
    fn todas(
        fluxo: &[u8],
        tamanho: usize,
        ler: Ler,
    ) -> io::Result<Vec<Vec<u8>>> {
        let mut leitor =
            BufReader::with_capacity(tamanho, Cursor::new(fluxo.to_vec()));
        let mut mensagens = Vec::new();
        while let Some(mensagem) = ler(&mut leitor)? {
            mensagens.push(mensagem);
        }
        Ok(mensagens)
    }

    #[test]
    fn as_mensagens_nao_dependem_do_tamanho_da_leitura() {
        let esperadas = ["oi", "", "coração"].map(|m| m.as_bytes().to_vec());
        let linhas = "oi\n\ncoração\n".as_bytes();
        let prefixadas = "\0\x02oi\0\0\0\x09coração".as_bytes();
        let fixas = "oi                  coração ".as_bytes();
        for tamanho in 1..=prefixadas.len() {
            let lidas = |fluxo, ler| todas(fluxo, tamanho, ler).unwrap();
            assert_eq!(lidas(linhas, ler_linha), esperadas);
            assert_eq!(lidas(prefixadas, ler_com_prefixo), esperadas);
            assert_eq!(lidas(fixas, ler_fixa), esperadas);
            assert_eq!(lidas(linhas, ler_ate_o_fim), [linhas]);
        }
    }

    #[test]
    fn o_fim_no_meio_de_uma_mensagem_e_um_erro() {
        let casos: [(&[u8], Ler); 5] = [
            (b"oi\nco", ler_linha),
            (b"\0\x02oi\0", ler_com_prefixo),
            (b"\0\x02oi\0\x09", ler_com_prefixo),
            (b"\0\x02oi\0\x09cora", ler_com_prefixo),
            (b"oi        cora", ler_fixa),
        ];
        for (fluxo, ler) in casos {
            let erro = todas(fluxo, 4096, ler).unwrap_err();
            assert_eq!(erro.kind(), ErrorKind::UnexpectedEof, "{fluxo:?}");
        }
    }

    #[test]
    fn o_limite_vale_sem_esperar_o_fim_da_mensagem() {
        let no_limite = vec![b'x'; LIMITE];
        let linha = [&no_limite, &b"\n"[..]].concat();
        let prefixada = [&1024_u16.to_be_bytes(), &no_limite[..]].concat();
        assert_eq!(todas(&linha, 4096, ler_linha).unwrap(), [&no_limite[..]]);
        assert_eq!(
            todas(&prefixada, 4096, ler_com_prefixo).unwrap(),
            [&no_limite[..]]
        );
        let excedida = [&no_limite[..], b"x"].concat();
        for (fluxo, ler) in [
            (excedida.clone(), ler_linha as Ler),
            (excedida, ler_ate_o_fim),
            (1025_u16.to_be_bytes().to_vec(), ler_com_prefixo),
        ] {
            let erro = todas(&fluxo, 4096, ler).unwrap_err();
            assert_eq!(erro.kind(), ErrorKind::InvalidData);
        }
    }
}
