//! O roteiro: a descrição de uma conversa, em um arquivo de texto.
//!
//! O formato está em `.github/CONTRIBUTING.md`, seção “Roteiros”. Aqui ele é
//! lido e conferido inteiro antes que qualquer programa comece; quem o
//! encena é [`crate::roteiro_palco`].
//!
//! ```text
//! titulo: O eco de “olá, mundo!”
//! rede: cabo
//! b: servidor = cap05-servidor {endereco}
//! a: cliente = cap05-cliente {endereco}
//!
//! servidor inicia
//! servidor diz "escutando em"
//! cliente inicia
//! cliente digita "olá, mundo!"
//! cliente diz "olá, mundo!"
//! cliente fecha a entrada
//! cliente termina
//! ```

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use bancada::{Host, Rede, Sinal};

const PRAZO_PADRAO: Duration = Duration::from_secs(10);
const PORTA_PADRAO: u16 = 7000;

/// Uma conversa: quem são os papéis, por que rede falam e o que fazem.
#[derive(Debug)]
pub struct Roteiro {
    pub arquivo: PathBuf,
    pub titulo: String,
    pub rede: Rede,
    pub ipv6: bool,
    /// A porta do servidor na bancada.
    pub porta: u16,
    /// Quanto cada passo pode demorar.
    pub prazo: Duration,
    /// Se a gravação guarda a captura desta conversa.
    pub captura: bool,
    /// Se a captura mostra os hosts do cabo a se procurarem.
    pub arp: bool,
    /// Programas e arquivos do sistema que os papéis usam por dentro.
    pub precisa: Vec<String>,
    pub papeis: Vec<Papel>,
    pub passos: Vec<Passo>,
}

/// Um programa da conversa.
#[derive(Debug, PartialEq)]
pub struct Papel {
    pub nome: String,
    pub host: Host,
    /// O programa e seus argumentos, ainda com `{endereco}` e os outros.
    pub comando: Vec<String>,
}

/// Uma linha do roteiro: o papel faz a ação.
#[derive(Debug, PartialEq)]
pub struct Passo {
    /// Número da linha no arquivo, a partir de 1.
    pub linha: usize,
    /// Posição em [`Roteiro::papeis`].
    pub papel: usize,
    pub acao: Acao,
}

#[derive(Debug, PartialEq)]
pub enum Acao {
    Iniciar,
    Dizer(String),
    Digitar(String),
    FecharEntrada,
    Receber(Sinal),
    Terminar(Fim),
}

/// Como se espera que um programa termine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fim {
    Codigo(i32),
    Sinal(Sinal),
}

impl Roteiro {
    /// Lê e confere o arquivo; os erros dizem `arquivo:linha`.
    pub fn abrir(arquivo: &Path) -> anyhow::Result<Self> {
        let texto = std::fs::read_to_string(arquivo)
            .with_context(|| format!("não li {}", arquivo.display()))?;
        Self::ler(&texto, arquivo)
    }

    /// Se algum programa recebe um nome, e não só endereços.
    pub fn usa_nomes(&self) -> bool {
        let nome = |palavra: &String| {
            palavra.contains("{nome}") || palavra.contains("localhost")
        };
        self.papeis.iter().any(|p| p.comando.iter().any(nome))
    }

    /// Lê e confere um roteiro; `arquivo` só aparece nos erros.
    pub fn ler(texto: &str, arquivo: &Path) -> anyhow::Result<Self> {
        let mut roteiro = Self::vazio(arquivo);
        for (indice, linha) in texto.lines().enumerate() {
            let linha = linha.trim();
            if linha.is_empty() || linha.starts_with('#') {
                continue;
            }
            let numero = indice + 1;
            roteiro
                .ler_linha(linha, numero)
                .with_context(|| format!("{}:{numero}", arquivo.display()))?;
        }
        roteiro
            .conferir()
            .with_context(|| arquivo.display().to_string())?;
        Ok(roteiro)
    }

    fn vazio(arquivo: &Path) -> Self {
        Self {
            arquivo: arquivo.to_owned(),
            titulo: String::new(),
            rede: Rede::default(),
            ipv6: false,
            porta: PORTA_PADRAO,
            prazo: PRAZO_PADRAO,
            captura: true,
            arp: false,
            precisa: Vec::new(),
            papeis: Vec::new(),
            passos: Vec::new(),
        }
    }

    fn ler_linha(&mut self, linha: &str, numero: usize) -> anyhow::Result<()> {
        match chave_e_valor(linha) {
            Some((chave, valor)) => {
                ensure!(
                    self.passos.is_empty(),
                    "“{chave}:” é do cabeçalho e vem antes dos passos"
                );
                self.ler_cabecalho(chave, valor)
            }
            None => {
                let passo = self.ler_passo(linha, numero)?;
                self.conferir_ordem(&passo)?;
                self.passos.push(passo);
                Ok(())
            }
        }
    }

    fn ler_cabecalho(
        &mut self,
        chave: &str,
        valor: &str,
    ) -> anyhow::Result<()> {
        match chave {
            "titulo" => self.titulo = valor.to_owned(),
            "rede" => self.rede = valor.parse().map_err(anyhow::Error::msg)?,
            "familia" => {
                self.ipv6 = match valor {
                    "ipv4" => false,
                    "ipv6" => true,
                    _ => bail!("familia: use ipv4 ou ipv6, não “{valor}”"),
                }
            }
            "porta" => {
                let porta = valor.parse().ok().filter(|porta| *porta != 0);
                self.porta = porta.with_context(|| {
                    format!("“{valor}” não é uma porta, de 1 a 65535")
                })?;
            }
            "prazo" => {
                self.prazo = bancada::duracao(valor)
                    .map_err(anyhow::Error::msg)
                    .context("prazo")?;
            }
            "captura" => self.captura = sim_ou_nao(chave, valor)?,
            "arp" => self.arp = sim_ou_nao(chave, valor)?,
            "precisa" => {
                let nomes = valor.split_whitespace().map(str::to_owned);
                self.precisa.extend(nomes);
            }
            "a" | "b" => {
                let host = chave.parse().map_err(anyhow::Error::msg)?;
                let papel = self.ler_papel(host, valor)?;
                self.papeis.push(papel);
            }
            _ => bail!(
                "não conheço “{chave}:”: o cabeçalho tem titulo, rede, \
                 familia, porta, prazo, captura, arp, precisa, a e b"
            ),
        }
        Ok(())
    }

    fn ler_papel(&self, host: Host, valor: &str) -> anyhow::Result<Papel> {
        let (nome, comando) = valor.split_once('=').with_context(|| {
            format!("escreva “{host}: papel = programa argumentos…”")
        })?;
        let nome = nome.trim();
        ensure!(
            !nome.is_empty() && nome.chars().all(char::is_alphanumeric),
            "“{nome}”: o nome de um papel é uma palavra"
        );
        ensure!(
            self.papeis.iter().all(|papel| papel.nome != nome),
            "o papel “{nome}” já existe"
        );
        let comando = dividir_comando(comando)?;
        ensure!(!comando.is_empty(), "falta o programa de “{nome}”");
        Ok(Papel {
            nome: nome.to_owned(),
            host,
            comando,
        })
    }

    fn ler_passo(&self, linha: &str, numero: usize) -> anyhow::Result<Passo> {
        let (nome, resto) = linha.split_once(' ').unwrap_or((linha, ""));
        let papel = self
            .papeis
            .iter()
            .position(|papel| papel.nome == nome)
            .with_context(|| {
                format!("“{nome}” não é um papel deste roteiro")
            })?;
        let acao = ler_acao(resto.trim())?;
        Ok(Passo {
            linha: numero,
            papel,
            acao,
        })
    }

    /// Um papel só age entre o começo e o fim dele, e digita até fechar a
    /// entrada.
    fn conferir_ordem(&self, passo: &Passo) -> anyhow::Result<()> {
        let papel = &self.papeis[passo.papel].nome;
        let antes = |procurada: fn(&Acao) -> bool| {
            self.passos
                .iter()
                .any(|p| p.papel == passo.papel && procurada(&p.acao))
        };
        let iniciou = antes(|acao| *acao == Acao::Iniciar);
        if passo.acao == Acao::Iniciar {
            ensure!(!iniciou, "“{papel}” já foi iniciado");
            return Ok(());
        }
        ensure!(iniciou, "“{papel}” ainda não foi iniciado");
        let terminou = antes(|acao| matches!(acao, Acao::Terminar(_)));
        ensure!(!terminou, "“{papel}” já terminou");
        if matches!(passo.acao, Acao::Digitar(_) | Acao::FecharEntrada) {
            let fechou = antes(|acao| *acao == Acao::FecharEntrada);
            ensure!(!fechou, "a entrada de “{papel}” já foi fechada");
        }
        Ok(())
    }

    fn conferir(&self) -> anyhow::Result<()> {
        ensure!(!self.titulo.is_empty(), "falta “titulo:”");
        ensure!(!self.passos.is_empty(), "não há nenhum passo");
        for (indice, papel) in self.papeis.iter().enumerate() {
            ensure!(
                self.passos.iter().any(|passo| passo.papel == indice),
                "o papel “{}” não faz nada",
                papel.nome
            );
        }
        Ok(())
    }

    /// O nome do roteiro: o do arquivo, sem a extensão.
    pub fn nome(&self) -> String {
        let nome = self.arquivo.file_stem().unwrap_or_default();
        nome.to_string_lossy().into_owned()
    }
}

fn sim_ou_nao(chave: &str, valor: &str) -> anyhow::Result<bool> {
    match valor {
        "sim" => Ok(true),
        "nao" => Ok(false),
        _ => bail!("{chave}: use sim ou nao, não “{valor}”"),
    }
}

/// `chave: valor`, se a linha é do cabeçalho. Em um passo, o que vem antes de
/// um `:` tem espaços.
fn chave_e_valor(linha: &str) -> Option<(&str, &str)> {
    let (chave, valor) = linha.split_once(':')?;
    let uma_palavra = !chave.contains(char::is_whitespace);
    uma_palavra.then(|| (chave, valor.trim()))
}

fn ler_acao(texto: &str) -> anyhow::Result<Acao> {
    let (verbo, resto) = texto.split_once(' ').unwrap_or((texto, ""));
    let resto = resto.trim();
    let acao = match (verbo, resto) {
        ("inicia", "") => Acao::Iniciar,
        ("diz", texto) => Acao::Dizer(entre_aspas(texto)?),
        ("digita", texto) => Acao::Digitar(entre_aspas(texto)?),
        ("fecha", "a entrada") => Acao::FecharEntrada,
        ("recebe", sinal) => {
            Acao::Receber(sinal.parse().map_err(anyhow::Error::msg)?)
        }
        ("termina", fim) => Acao::Terminar(ler_fim(fim)?),
        _ => bail!(
            "não entendi “{texto}”: um papel inicia, diz \"…\", digita \"…\", \
             fecha a entrada, recebe SINAL ou termina"
        ),
    };
    if let Acao::Dizer(texto) = &acao {
        ensure!(!texto.is_empty(), "falta o que esperar entre as aspas");
    }
    Ok(acao)
}

fn ler_fim(texto: &str) -> anyhow::Result<Fim> {
    match texto.split_once(' ') {
        None if texto.is_empty() => Ok(Fim::Codigo(0)),
        Some(("com", codigo)) => codigo
            .parse()
            .map(Fim::Codigo)
            .with_context(|| format!("“{codigo}” não é um estado de saída")),
        Some(("por", sinal)) => {
            Ok(Fim::Sinal(sinal.parse().map_err(anyhow::Error::msg)?))
        }
        _ => bail!(
            "não entendi “termina {texto}”: escreva termina, termina com 1 \
             ou termina por SIGINT"
        ),
    }
}

/// O texto entre as aspas, com `\"`, `\\` e `\t` resolvidos.
fn entre_aspas(texto: &str) -> anyhow::Result<String> {
    let mut palavras = dividir_comando(texto)?;
    ensure!(
        texto.starts_with('"') && palavras.len() == 1,
        "esperava um texto entre aspas, e veio: {texto}"
    );
    Ok(palavras.remove(0))
}

/// Divide em palavras; aspas duplas juntam, `\` dentro delas escapa.
pub fn dividir_comando(texto: &str) -> anyhow::Result<Vec<String>> {
    let mut palavras = Vec::new();
    let mut palavra: Option<String> = None;
    let mut letras = texto.chars();
    while let Some(letra) = letras.next() {
        match letra {
            '"' => {
                let atual = palavra.get_or_insert_default();
                copiar_ate_as_aspas(&mut letras, atual)
                    .context("falta fechar as aspas")?;
            }
            letra if letra.is_whitespace() => palavras.extend(palavra.take()),
            letra => palavra.get_or_insert_default().push(letra),
        }
    }
    palavras.extend(palavra);
    Ok(palavras)
}

fn copiar_ate_as_aspas(
    letras: &mut std::str::Chars,
    palavra: &mut String,
) -> Option<()> {
    loop {
        match letras.next()? {
            '"' => return Some(()),
            '\\' => palavra.push(match letras.next()? {
                't' => '\t',
                outra => outra,
            }),
            letra => palavra.push(letra),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ECO: &str = "\
# Um comentário.
titulo: O eco
rede: ruim perda=10% semente=3
familia: ipv6
porta: 7005
prazo: 3s
captura: nao
b: servidor = cap05-servidor {endereco}
a: cliente = nc -N \"{host}\" {porta}

servidor inicia
servidor diz \"escutando em\"
cliente inicia
cliente digita \"olá: \\\"mundo\\\"\"
cliente fecha a entrada
cliente termina
servidor recebe SIGINT
servidor termina por SIGINT
";

    fn ler(texto: &str) -> anyhow::Result<Roteiro> {
        Roteiro::ler(texto, Path::new("eco.roteiro"))
    }

    #[test]
    fn o_roteiro_inteiro_e_lido() {
        let roteiro = ler(ECO).unwrap();
        assert_eq!(roteiro.nome(), "eco");
        assert_eq!(roteiro.titulo, "O eco");
        assert!(roteiro.ipv6 && !roteiro.captura);
        assert_eq!((roteiro.porta, roteiro.prazo.as_secs()), (7005, 3));
        assert_eq!(roteiro.papeis[0].host, Host::B);
        assert_eq!(
            roteiro.papeis[1].comando,
            ["nc", "-N", "{host}", "{porta}"]
        );
        let acoes: Vec<_> =
            roteiro.passos.iter().map(|p| (p.papel, &p.acao)).collect();
        assert_eq!(
            acoes,
            [
                (0, &Acao::Iniciar),
                (0, &Acao::Dizer("escutando em".into())),
                (1, &Acao::Iniciar),
                (1, &Acao::Digitar("olá: \"mundo\"".into())),
                (1, &Acao::FecharEntrada),
                (1, &Acao::Terminar(Fim::Codigo(0))),
                (0, &Acao::Receber(Sinal::Int)),
                (0, &Acao::Terminar(Fim::Sinal(Sinal::Int))),
            ]
        );
        assert_eq!(roteiro.passos[0].linha, 11);
    }

    #[test]
    fn um_roteiro_errado_e_recusado_com_a_linha_e_a_razao() {
        for (de, para, pedaco) in [
            ("titulo: O eco\n", "", "falta “titulo:”"),
            ("porta: 7005", "porta: 70000", "eco.roteiro:5"),
            ("porta: 7005", "porto: 7005", "não conheço “porto:”"),
            ("rede: ruim", "rede: boa", "não conheço a rede"),
            ("familia: ipv6", "familia: ipx", "ipv4 ou ipv6"),
            ("prazo: 3s", "prazo: 3", "esperava um tempo"),
            ("cliente inicia\n", "", "ainda não foi iniciado"),
            ("cliente inicia", "freguês inicia", "não é um papel"),
            ("cliente termina", "cliente some", "não entendi"),
            ("servidor recebe SIGINT", "servidor recebe SIGX", "SIGX"),
            (
                "servidor recebe SIGINT",
                "servidor inicia",
                "já foi iniciado",
            ),
            ("mundo\\\"\"", "mundo\\\"", "falta fechar as aspas"),
            ("\"escutando em\"", "escutando", "entre aspas"),
            ("\"escutando em\"", "\"\"", "falta o que esperar"),
            (
                "servidor recebe SIGINT",
                "cliente diz \"oi\"",
                "já terminou",
            ),
            ("por SIGINT", "logo", "termina com 1"),
            ("a: cliente", "a: servidor", "já existe"),
            (
                "a: cliente =",
                "a: outro = nc\na: cliente =",
                "não faz nada",
            ),
            ("cliente termina", "cliente digita \"x\"", "já foi fechada"),
            ("cliente termina", "porta: 1", "vem antes dos passos"),
        ] {
            let texto = ECO.replace(de, para);
            assert_ne!(texto, ECO, "o teste não mudou nada: {de}");
            let erro = format!("{:#}", ler(&texto).unwrap_err());
            assert!(erro.contains(pedaco), "{de} → {para}: {erro}");
        }
    }
}
