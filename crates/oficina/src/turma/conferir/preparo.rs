//! Do arquivo do aluno a um programa que se pode iniciar: copiar, compilar
//! dentro do cerco e dizer o que ele vai ver quando rodar.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::escolha::{Escolhido, Linguagem};
use super::ferramentas::{Ferramentas, achar};
use super::leitura::{self, Achado};
use crate::casa;
use crate::exercicios::Exercicio;
use crate::processo::{
    Comando, Fim, Isolamento, Nivel, SISTEMA, Tarefa, Vista,
};
use crate::turma::Situacao;

/// Segundos de processador de uma compilação.
const PROCESSADOR: u64 = 15;

/// Quanto dura uma compilação, de relógio: numa máquina cheia, a de
/// processador é a que vale.
const PRAZO: Duration = Duration::from_secs(60);

/// O maior arquivo de programa, em bytes.
const MAIOR_PROGRAMA: u64 = 1024 * 1024;

/// Quantos arquivos do aluno acompanham o exercício.
const ACOMPANHANTES: usize = 64;

/// Quanto da mensagem do compilador se guarda, em linhas.
const LINHAS_DO_COMPILADOR: usize = 120;

/// Por que não há o que iniciar.
pub type Recusa = (Situacao, String);

/// Um programa pronto para ser iniciado.
pub struct Pronto {
    pub comando: Comando,
    pub vista: Vista,
}

/// O que prepara uma entrega.
pub struct Preparo<'a> {
    pub exercicio: &'a Exercicio,
    pub ferramentas: &'a Ferramentas,
    pub nivel: Nivel,
    pub isolamento: Option<Isolamento>,
    /// A pasta só desta entrega.
    pub pasta: &'a Path,
    /// O que não se vê em nível nenhum que esconda.
    pub escondidos: &'a [PathBuf],
}

impl Preparo<'_> {
    /// Copia o exercício para uma pasta limpa e o compila, se é de compilar.
    pub fn preparar(
        &self,
        escolhido: &Escolhido,
        arquivos: &[Achado],
    ) -> Result<Pronto, Recusa> {
        let fonte = self.pasta.join("fonte");
        fs::create_dir_all(&fonte).map_err(|e| recusa(&e))?;
        fs::create_dir_all(self.saida()).map_err(|e| recusa(&e))?;
        if escolhido.linguagem == Linguagem::Comando {
            return self.com_comando(escolhido, arquivos, &fonte);
        }
        let nome = self.copiar(escolhido, arquivos, &fonte)?;
        match escolhido.linguagem {
            Linguagem::Rust => self.compilar_rust(&fonte, &nome),
            Linguagem::C => self.compilar_c(&fonte, &nome),
            _ => self.com_python(&fonte, &nome),
        }
    }

    fn saida(&self) -> PathBuf {
        self.pasta.join("saida")
    }

    fn programa(&self) -> PathBuf {
        self.saida().join("programa")
    }

    /// O exercício e os arquivos da mesma linguagem que estão ao lado dele,
    /// sobre os do capítulo que o exercício pode importar.
    fn copiar(
        &self,
        escolhido: &Escolhido,
        arquivos: &[Achado],
        fonte: &Path,
    ) -> Result<String, Recusa> {
        let do_capitulo = self.do_capitulo(escolhido.linguagem);
        for caminho in &do_capitulo {
            let nome = caminho.file_name().unwrap_or_default();
            fs::copy(caminho, fonte.join(nome)).map_err(|e| recusa(&e))?;
        }
        let pasta = pasta_de(&escolhido.arquivo.nome);
        let lado = arquivos.iter().filter(|arquivo| {
            pasta_de(&arquivo.nome) == pasta
                && acompanha(&arquivo.nome, escolhido.linguagem)
                && arquivo.nome != escolhido.arquivo.nome
        });
        for arquivo in lado.take(ACOMPANHANTES) {
            let alvo = fonte.join(nome_de(&arquivo.nome));
            if arquivo.tamanho <= MAIOR_PROGRAMA && !alvo.exists() {
                copiar(arquivo, &alvo)?;
            }
        }
        if escolhido.arquivo.tamanho > MAIOR_PROGRAMA {
            let frase = "o programa passa de 1 MiB".to_owned();
            return Err((Situacao::Recusada, frase));
        }
        let nome = nome_de(&escolhido.arquivo.nome).to_owned();
        copiar(&escolhido.arquivo, &fonte.join(&nome))?;
        Ok(nome)
    }

    /// Os módulos em Python do capítulo: `cap06_enquadramento.py`. Os de Rust
    /// já estão nas bibliotecas.
    fn do_capitulo(&self, linguagem: Linguagem) -> Vec<PathBuf> {
        if linguagem != Linguagem::Python {
            return Vec::new();
        }
        let modulo = self.exercicio.capitulo.replace('-', "_");
        let pasta = casa::pasta_do_capitulo(self.exercicio.capitulo);
        let caminho = pasta.join("python").join(format!("{modulo}.py"));
        Vec::from_iter(caminho.is_file().then_some(caminho))
    }

    fn compilar_rust(
        &self,
        fonte: &Path,
        nome: &str,
    ) -> Result<Pronto, Recusa> {
        let capitulo = self.exercicio.capitulo;
        let rust = self.ferramentas.rust.get(capitulo).ok_or_else(|| {
            let frase = format!("não sei compilar {capitulo}");
            (Situacao::Recusada, frase)
        })?;
        let mut argumentos = rust.argumentos.clone();
        argumentos.extend(
            ["--color", "never", "--emit", "link", "-o"].map(str::to_owned),
        );
        argumentos.push(texto(&self.programa()));
        argumentos.push(nome.to_owned());
        let comando = Comando {
            programa: texto(&rust.rustc),
            argumentos,
        };
        let leitura = vec![rust.instalacao.clone(), rust.bibliotecas.clone()];
        let ambiente = rust.ambiente.clone();
        self.compilar(comando, leitura, ambiente, fonte)?;
        Ok(self.pronto(fonte))
    }

    fn compilar_c(&self, fonte: &Path, nome: &str) -> Result<Pronto, Recusa> {
        let Some(cc) = &self.ferramentas.cc else {
            let frase = "esta máquina não tem compilador de C (`cc`)";
            return Err((Situacao::Recusada, frase.to_owned()));
        };
        let programa = texto(&self.programa());
        let argumentos = ["-O1", "-pthread", "-o", &programa, nome];
        let comando = Comando {
            programa: texto(cc),
            argumentos: argumentos.map(str::to_owned).to_vec(),
        };
        self.compilar(comando, Vec::new(), Vec::new(), fonte)?;
        Ok(self.pronto(fonte))
    }

    fn com_python(&self, fonte: &Path, nome: &str) -> Result<Pronto, Recusa> {
        let python = self.python()?;
        let script = texto(&fonte.join(nome));
        let mut pronto = self.pronto(fonte);
        pronto.comando = Comando {
            programa: texto(&python.programa),
            argumentos: ["-s", "-B"]
                .map(str::to_owned)
                .into_iter()
                .chain([script])
                .collect(),
        };
        pronto.vista.leitura.push(python.instalacao.clone());
        Ok(pronto)
    }

    fn instalacao_do_python(&self) -> Option<PathBuf> {
        let python = self.ferramentas.python.as_ref();
        python.map(|python| python.instalacao.clone())
    }

    fn python(&self) -> Result<&super::ferramentas::Python, Recusa> {
        self.ferramentas.python.as_ref().ok_or_else(|| {
            let frase = "esta máquina não tem Python (`python3`)";
            (Situacao::Recusada, frase.to_owned())
        })
    }

    /// Um arquivo `comando`: a linha que inicia o programa, a partir da pasta
    /// dele, e antes dela, se é preciso, `construir: linha`.
    fn com_comando(
        &self,
        escolhido: &Escolhido,
        arquivos: &[Achado],
        fonte: &Path,
    ) -> Result<Pronto, Recusa> {
        let raiz = pasta_de(&escolhido.arquivo.nome);
        for arquivo in arquivos {
            if let Some(dentro) = dentro_de(&arquivo.nome, raiz) {
                let alvo = fonte.join(dentro);
                let pai = alvo.parent().unwrap_or(fonte);
                fs::create_dir_all(pai).map_err(|e| recusa(&e))?;
                copiar(arquivo, &alvo)?;
                executavel(&alvo);
            }
        }
        let bytes = leitura::ler(&escolhido.arquivo.caminho, 4096);
        let conteudo = bytes.map_err(|e| recusa(&e))?;
        let conteudo = String::from_utf8_lossy(&conteudo).into_owned();
        let receita = Receita::ler(&conteudo)?;
        if let Some(linha) = &receita.construir {
            let comando = self.resolver(linha, fonte)?;
            let mut vista = self.vista(fonte);
            vista.leitura.extend(self.instalacao_do_python());
            vista.escrita = vec![fonte.to_owned()];
            self.rodar_ate_o_fim(comando, vista)?;
        }
        let comando = self.resolver(&receita.rodar, fonte)?;
        let mut pronto = self.pronto(fonte);
        pronto.comando = comando;
        pronto.vista.leitura.extend(self.instalacao_do_python());
        Ok(pronto)
    }

    /// Acha o programa de uma linha: da própria entrega (com barra) ou do
    /// sistema.
    fn resolver(
        &self,
        palavras: &[String],
        fonte: &Path,
    ) -> Result<Comando, Recusa> {
        let (programa, argumentos) =
            palavras.split_first().ok_or_else(|| {
                let frase = "o arquivo `comando` está vazio".to_owned();
                (Situacao::Recusada, frase)
            })?;
        let achado = match programa.as_str() {
            "python" | "python3" => Some(self.python()?.programa.clone()),
            nome if nome.contains('/') => Some(fonte.join(nome)),
            nome => achar(nome),
        };
        let achado = achado.filter(|caminho| caminho.is_file());
        let achado = achado.ok_or_else(|| {
            let frase = match programa.contains('/') {
                true => format!("o `comando` pede {programa}, que não há"),
                false => format!("esta máquina não tem `{programa}`"),
            };
            (Situacao::Recusada, frase)
        })?;
        self.exigir_a_vista(programa, &achado, fonte)?;
        Ok(Comando {
            programa: texto(&achado),
            argumentos: argumentos.to_vec(),
        })
    }

    /// Um programa do sistema, da entrega ou do Python: o resto da máquina não
    /// se mostra a uma entrega.
    fn exigir_a_vista(
        &self,
        nome: &str,
        achado: &Path,
        fonte: &Path,
    ) -> Result<(), Recusa> {
        let de_verdade = achado.canonicalize().map_err(|e| recusa(&e))?;
        let vistas = SISTEMA.iter().map(PathBuf::from);
        let vistas = vistas.chain(self.instalacao_do_python());
        let mut vistas = vistas.chain([fonte.to_owned()]);
        if vistas.any(|pasta| de_verdade.starts_with(pasta)) {
            return Ok(());
        }
        let frase = format!(
            "`{nome}` está em {}, que as entregas não veem: instale-o no \
             sistema (em /usr)",
            de_verdade.display()
        );
        Err((Situacao::Recusada, frase))
    }

    fn compilar(
        &self,
        comando: Comando,
        leitura: Vec<PathBuf>,
        ambiente: Vec<(String, String)>,
        fonte: &Path,
    ) -> Result<(), Recusa> {
        let mut vista = self.vista(fonte);
        vista.leitura.extend(leitura);
        vista.escrita = vec![self.saida()];
        vista.ambiente.extend(ambiente);
        self.rodar_ate_o_fim(comando, vista)?;
        // Quem compilou podia escrever na pasta: confira o que ficou lá.
        match leitura::abrir(&self.programa()) {
            Ok(_) => Ok(()),
            Err(_) => {
                let frase = "o compilador não deixou um programa".to_owned();
                Err((Situacao::NaoCompilou, frase))
            }
        }
    }

    fn rodar_ate_o_fim(
        &self,
        comando: Comando,
        vista: Vista,
    ) -> Result<(), Recusa> {
        let tarefa = Tarefa {
            comando,
            vista,
            nivel: self.nivel,
            isolamento: self.isolamento,
            segundos: PROCESSADOR,
            prazo: PRAZO,
            teto: leitura::TOTAL,
        };
        let fim = tarefa.executar().map_err(|e| recusa(&e))?;
        match fim.status {
            Some(0) => Ok(()),
            Some(_) => Err((Situacao::NaoCompilou, mensagem(&fim))),
            None => {
                let frase = format!(
                    "compilar passou de {PROCESSADOR} s de processador, da \
                     memória ou do disco permitidos\n{}",
                    mensagem(&fim)
                );
                Err((Situacao::NaoCompilou, frase.trim_end().to_owned()))
            }
        }
    }

    fn vista(&self, fonte: &Path) -> Vista {
        Vista {
            leitura: vec![fonte.to_owned()],
            escrita: Vec::new(),
            escondidos: self.escondidos.to_vec(),
            pasta: fonte.to_owned(),
            ambiente: vec![("HOME".to_owned(), "/dev/shm".to_owned())],
        }
    }

    fn pronto(&self, fonte: &Path) -> Pronto {
        let mut vista = self.vista(fonte);
        vista.leitura.push(self.saida());
        Pronto {
            comando: Comando {
                programa: texto(&self.programa()),
                argumentos: Vec::new(),
            },
            vista,
        }
    }
}

/// O que um arquivo `comando` diz.
struct Receita {
    construir: Option<Vec<String>>,
    rodar: Vec<String>,
}

impl Receita {
    fn ler(texto: &str) -> Result<Receita, Recusa> {
        let linhas = texto.lines().map(str::trim);
        let linhas = linhas.filter(|l| !l.is_empty() && !l.starts_with('#'));
        let mut receita = Receita {
            construir: None,
            rodar: Vec::new(),
        };
        for linha in linhas {
            match linha.strip_prefix("construir:") {
                Some(resto) => receita.construir = Some(palavras(resto)?),
                None if receita.rodar.is_empty() => {
                    receita.rodar = palavras(linha)?;
                }
                None => {
                    let frase = "o `comando` tem mais de uma linha que inicia";
                    return Err((Situacao::Recusada, frase.to_owned()));
                }
            }
        }
        Ok(receita)
    }
}

/// As palavras de uma linha; aspas simples ou duplas juntam. Não há shell.
fn palavras(linha: &str) -> Result<Vec<String>, Recusa> {
    let mut palavras = Vec::new();
    let mut atual: Option<String> = None;
    let mut aspas = None;
    for c in linha.chars() {
        match (aspas, c) {
            (Some(fecha), c) if c == fecha => aspas = None,
            (Some(_), c) => atual.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                aspas = Some(c);
                atual.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => palavras.extend(atual.take()),
            (None, c) => atual.get_or_insert_default().push(c),
        }
    }
    if aspas.is_some() {
        let frase = "o `comando` abre aspas e não fecha".to_owned();
        return Err((Situacao::Recusada, frase));
    }
    palavras.extend(atual);
    Ok(palavras)
}

fn copiar(arquivo: &Achado, alvo: &Path) -> Result<(), Recusa> {
    let bytes = leitura::ler(&arquivo.caminho, leitura::MAIOR_ARQUIVO);
    let bytes = bytes.map_err(|e| recusa(&e))?;
    fs::write(alvo, bytes).map_err(|e| recusa(&e))
}

/// Um zip feito no Windows não guarda a permissão de executar.
fn executavel(alvo: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let todos = fs::Permissions::from_mode(0o755);
        let _ = fs::set_permissions(alvo, todos);
    }
    #[cfg(not(unix))]
    let _ = alvo;
}

fn recusa(erro: &std::io::Error) -> Recusa {
    let erro = crate::erro_do_sistema::em_portugues(erro);
    (Situacao::Inconclusiva, format!("a oficina falhou: {erro}"))
}

fn mensagem(fim: &Fim) -> String {
    let linhas = fim.escrito.iter().map(|linha| linha.texto.as_str());
    // Um compilador que morre sem memória conta a vida dele.
    let mut linhas: Vec<&str> = linhas
        .take_while(|linha| *linha != "stack backtrace:")
        .collect();
    if linhas.len() > LINHAS_DO_COMPILADOR {
        linhas.truncate(LINHAS_DO_COMPILADOR);
        linhas.push("…");
    }
    linhas.join("\n").trim_end().to_owned()
}

fn acompanha(nome: &str, linguagem: Linguagem) -> bool {
    let fins: &[&str] = match linguagem {
        Linguagem::Rust => &[".rs"],
        Linguagem::Python => &[".py"],
        Linguagem::C => &[".c", ".h"],
        Linguagem::Comando => &[],
    };
    fins.iter().any(|fim| nome.ends_with(fim))
}

fn pasta_de(nome: &str) -> &str {
    nome.rsplit_once('/').map_or("", |(pasta, _)| pasta)
}

fn nome_de(nome: &str) -> &str {
    nome.rsplit_once('/').map_or(nome, |(_, nome)| nome)
}

fn dentro_de<'a>(nome: &'a str, pasta: &str) -> Option<&'a str> {
    match pasta {
        "" => Some(nome),
        _ => nome.strip_prefix(pasta)?.strip_prefix('/'),
    }
}

fn texto(caminho: &Path) -> String {
    caminho.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o_comando_e_uma_linha_com_aspas_e_sem_shell() {
        let texto = "# como rodar\nconstruir: make eco\n./eco 'a b' $HOME\n";
        let receita = Receita::ler(texto).unwrap();
        assert_eq!(receita.construir.unwrap(), ["make", "eco"]);
        assert_eq!(receita.rodar, ["./eco", "a b", "$HOME"]);
        assert!(Receita::ler("a\nb").is_err());
        assert!(Receita::ler("'a").is_err());
    }
}
