//! Capítulo 2: um cliente que tenta cada endereço até alguém saudar.

use std::io::{self, ErrorKind};
use std::net::{
    IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream,
    ToSocketAddrs,
};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use super::Etapa;
use crate::erro_do_sistema::em_portugues;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Diagnosticar, Entrega, Interrupcao, Ouvinte, Palco, Passo, Saida,
    Veredicto,
};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("um_endereco", um_endereco),
    Etapa::nova("lista", lista),
    Etapa::nova("nome", nome),
    Etapa::nova("mudos", mudos),
    Etapa::nova("ninguem", ninguem),
];

/// Os estados de saída que o enunciado pede.
const SAUDADO: i32 = 0;
const NINGUEM: i32 = 1;
const PEDIDO_ERRADO: i32 = 2;

/// Quanto se espera um programa que dá 1 s a cada tentativa.
const LIMITE: Duration = Duration::from_secs(4);

/// Quanto dura cada conexão com que se enche uma fila.
const ENCHENDO: Duration = Duration::from_millis(200);

/// Conexões que se fazem, no máximo, para encher uma fila de tamanho 0.
const CHEIA: usize = 8;

/// Quanto o sistema pode levar para dizer que um nome não existe.
const RESOLVER: Duration = Duration::from_secs(2);

/// De quanto em quanto tempo se olha para o programa.
const FATIA: Duration = Duration::from_millis(5);

/// Um nome reservado, que nunca existe (RFC 6761, §6.4).
const INEXISTENTE: &str = "nao-existe.invalid";

/// O que se diz de quem tentou duas vezes, seguidas, o mesmo endereço.
const REPETIDO: &str = ": o mesmo endereço da linha anterior. Em Python, \
    `getaddrinfo` sem `type=socket.SOCK_STREAM` devolve cada endereço uma vez \
    por tipo de socket (TCP, UDP e cru)";

/// O enésimo endereço de loopback: 127.0.0.N.
const fn vizinho(n: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(127, 0, 0, n))
}

const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// Um endereço só desta etapa: recusa quem chega, até que se escute nele.
struct Vaga {
    endereco: SocketAddr,
    socket: Socket,
}

impl Vaga {
    fn nova(endereco: SocketAddr) -> io::Result<Vaga> {
        let dominio = Domain::for_address(endereco);
        let socket = Socket::new(dominio, Type::STREAM, None)?;
        if endereco.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        socket.bind(&endereco.into())?;
        let endereco = socket.local_addr()?.as_socket().unwrap_or(endereco);
        Ok(Vaga { endereco, socket })
    }

    /// Passa a escutar, e o palco atende.
    fn atender(
        self,
        palco: &Palco,
        nome: &str,
        entrega: Entrega,
    ) -> Passo<Ouvinte> {
        self.socket.listen(128).map_err(|erro| do_sistema(&erro))?;
        palco.ouvir_por(nome, TcpListener::from(self.socket), entrega)
    }

    /// Passa a escutar com a fila cheia: quem chega não ouve nem um não.
    fn emudecer(self, palco: &Palco) -> Passo<Mudo> {
        self.socket.listen(0).map_err(|erro| do_sistema(&erro))?;
        let mut fila = Vec::new();
        while fila.len() < CHEIA {
            match TcpStream::connect_timeout(&self.endereco, ENCHENDO) {
                Ok(conexao) => fila.push(conexao),
                Err(erro) if erro.kind() == ErrorKind::TimedOut => {
                    palco.narrar("mudo", "escuto", "com a fila cheia");
                    return Ok(Mudo {
                        _vaga: self,
                        _fila: fila,
                    });
                }
                Err(_) => break,
            }
        }
        Err(Interrupcao::Inconclusiva(
            "neste sistema, uma fila cheia não emudece o endereço".into(),
        ))
    }
}

/// Um endereço que não responde enquanto existir.
struct Mudo {
    _vaga: Vaga,
    _fila: Vec<TcpStream>,
}

/// Uma vaga em cada IP, todas na mesma porta: é a única a que o programa pode
/// se conectar no isolamento L1.
fn reservar<const N: usize>(ips: [IpAddr; N]) -> Passo<[Vaga; N]> {
    const TENTATIVAS: usize = 50;
    let mut erro = None;
    for _ in 0..TENTATIVAS {
        match na_mesma_porta(&ips) {
            Ok(vagas) => match <[Vaga; N]>::try_from(vagas) {
                Ok(vagas) => return Ok(vagas),
                Err(_) => break,
            },
            Err(e) => erro = Some(e),
        }
    }
    let erro = erro.unwrap_or_else(|| io::Error::other("sem portas"));
    Err(do_sistema(&erro))
}

fn na_mesma_porta(ips: &[IpAddr]) -> io::Result<Vec<Vaga>> {
    let mut vagas: Vec<Vaga> = Vec::new();
    for &ip in ips {
        let porta = vagas.first().map_or(0, |v| v.endereco.port());
        let vaga = match Vaga::nova(SocketAddr::new(ip, porta)) {
            // Fora do Linux só o 127.0.0.1 costuma existir: outra porta nele.
            Err(erro)
                if erro.kind() == ErrorKind::AddrNotAvailable
                    && ip.is_ipv4() =>
            {
                Vaga::nova(SocketAddr::new(vizinho(1), 0))?
            }
            resultado => resultado?,
        };
        vagas.push(vaga);
    }
    Ok(vagas)
}

fn do_sistema(erro: &io::Error) -> Interrupcao {
    let erro = em_portugues(erro);
    Interrupcao::Inconclusiva(format!("o sistema não deixou conferir: {erro}"))
}

fn ha_ipv6() -> bool {
    Vaga::nova(SocketAddr::new(V6, 0)).is_ok()
}

/// Um endereço escrito; e argumentos que não são `host:porta`.
fn um_endereco(palco: &mut Palco) -> Veredicto {
    palco.titulo("um endereço IPv4, entrega inteira");
    no_endereco(palco, vizinho(1), Entrega::Inteiro)?;
    palco.titulo("a saudação gota a gota");
    no_endereco(palco, vizinho(1), Entrega::GotaAGota)?;
    if ha_ipv6() {
        palco.titulo("um endereço IPv6, entre colchetes");
        no_endereco(palco, V6, Entrega::Inteiro)?;
    }
    for torto in ["127.0.0.1", "127.0.0.1:porta", "127.0.0.1:70000"] {
        palco.titulo(format!("um argumento torto: {torto}"));
        recusar_argumento(palco, torto)?;
    }
    Ok(())
}

fn no_endereco(palco: &mut Palco, ip: IpAddr, entrega: Entrega) -> Veredicto {
    let [vaga] = reservar([ip])?;
    let onde = vaga.endereco;
    let ouvinte = vaga.atender(palco, "servidor", entrega)?;
    chamar(palco, &[onde.to_string()])?;
    saudar(palco, &mut ouvinte.aceitar()?)?;
    esperar_estado(palco, SAUDADO, Codigo::M09)?;
    conferir_relatorio(palco, &[format!("{onde} conectou")])
}

/// O argumento torto vem depois de um certo: nada deve ser tentado.
fn recusar_argumento(palco: &mut Palco, torto: &str) -> Veredicto {
    let [vaga] = reservar([vizinho(1)])?;
    let certo = vaga.endereco.to_string();
    let ouvinte = vaga.atender(palco, "servidor", Entrega::Inteiro)?;
    chamar(palco, &[certo, torto.to_owned()])?;
    esperar_estado(palco, PEDIDO_ERRADO, Codigo::Calado)?;
    if ouvinte.socket().accept().is_ok() {
        return palco.falhar(
            Codigo::Diferente,
            format!(
                "“{torto}” não é host:porta, e mesmo assim o programa tentou \
                 o outro argumento; esperava que conferisse todos antes"
            ),
        );
    }
    let erros = palco.saida_de_erros();
    match erros.len() {
        1 => conferir_relatorio(palco, &[]),
        quantas => palco.falhar(
            Codigo::Diferente,
            format!(
                "esperava uma linha na saída de erros sobre “{torto}”; \
                 vieram {quantas}"
            ),
        ),
    }
}

/// Dois que recusam, um que atende, e um que não deve ser tentado.
fn lista(palco: &mut Palco) -> Veredicto {
    let [recusa, atende, sobra] =
        reservar([vizinho(2), vizinho(1), vizinho(3)])?;
    let outra = ha_ipv6()
        .then(|| Vaga::nova(SocketAddr::new(V6, recusa.endereco.port())))
        .transpose()
        .unwrap_or_default();
    let mut recusam = vec![recusa.endereco];
    recusam.extend(outra.iter().map(|vaga| vaga.endereco));
    let (onde, ultimo) = (atende.endereco, sobra.endereco);
    let ouvinte = atende.atender(palco, "servidor", Entrega::Inteiro)?;
    let depois = sobra.atender(palco, "o seguinte", Entrega::Inteiro)?;

    let argumentos: Vec<String> = recusam
        .iter()
        .chain([&onde, &ultimo])
        .map(SocketAddr::to_string)
        .collect();
    chamar(palco, &argumentos)?;
    let visita = ouvinte.aceitar_em(LIMITE);
    saudar(palco, &mut explicar_repeticao(palco, visita)?)?;
    esperar_estado(palco, SAUDADO, Codigo::M09)?;
    if depois.socket().accept().is_ok() {
        return palco.falhar(
            Codigo::Diferente,
            format!(
                "{onde} já tinha saudado, e o programa se conectou também \
                 a {ultimo}"
            ),
        );
    }
    let mut esperado: Vec<String> =
        recusam.iter().map(|e| format!("{e} recusada")).collect();
    esperado.push(format!("{onde} conectou"));
    conferir_relatorio(palco, &esperado)
}

/// `localhost` com um servidor em uma das famílias, e depois na outra.
fn nome(palco: &mut Palco) -> Veredicto {
    let familias = resolver("localhost").unwrap_or_default();
    if !(familias.contains(&vizinho(1)) && familias.contains(&V6)) {
        palco.narrar(
            "oficina",
            "não provei",
            "um nome com dois endereços: aqui `localhost` não tem os dois",
        );
        return dois_enderecos_escritos(palco);
    }
    // Na ordem do sistema: quem só conhece uma família falha na outra.
    for onde in familias {
        palco.titulo(format!("o servidor de localhost só escuta em {onde}"));
        so_em(palco, onde)?;
    }
    Ok(())
}

fn so_em(palco: &mut Palco, ip: IpAddr) -> Veredicto {
    let outro = if ip == V6 { vizinho(1) } else { V6 };
    let [atende, recusa] = reservar([ip, outro])?;
    let (onde, porta) = (atende.endereco, atende.endereco.port());
    let ouvinte = atende.atender(palco, "servidor", Entrega::Inteiro)?;
    chamar(palco, &[format!("localhost:{porta}")])?;
    // Quem tenta também por UDP espera 1 s por uma saudação que não vem.
    let visita = ouvinte.aceitar_em(LIMITE).codigo(Codigo::M22);
    let visita = explicar_repeticao(palco, visita);
    saudar(palco, &mut visita.contexto("com localhost")?)?;
    esperar_estado(palco, SAUDADO, Codigo::M09)?;

    // A ordem é a que o sistema deu, e o primeiro que saúda encerra a lista.
    let mut esperado = Vec::new();
    for ip in resolver("localhost").unwrap_or_default() {
        let endereco = SocketAddr::new(ip, porta);
        if endereco == onde {
            esperado.push(format!("{endereco} conectou"));
            break;
        }
        esperado.push(format!("{endereco} recusada"));
    }
    drop(recusa);
    conferir_relatorio(palco, &esperado)
}

/// O que resta provar onde nenhum nome tem dois endereços.
fn dois_enderecos_escritos(palco: &mut Palco) -> Veredicto {
    let [recusa, atende] = reservar([vizinho(2), vizinho(1)])?;
    let (primeiro, onde) = (recusa.endereco, atende.endereco);
    let ouvinte = atende.atender(palco, "servidor", Entrega::Inteiro)?;
    chamar(palco, &[primeiro.to_string(), onde.to_string()])?;
    saudar(palco, &mut ouvinte.aceitar().codigo(Codigo::M22)?)?;
    esperar_estado(palco, SAUDADO, Codigo::M09)?;
    let esperado = [format!("{primeiro} recusada"), format!("{onde} conectou")];
    conferir_relatorio(palco, &esperado)
}

/// Um que não responde, um que aceita e se cala, um que fecha, um que saúda.
fn mudos(palco: &mut Palco) -> Veredicto {
    let ips = [vizinho(2), vizinho(3), vizinho(4), vizinho(1)];
    let vagas = reservar(ips)?;
    let onde = vagas.each_ref().map(|vaga| vaga.endereco);
    let [fila, cala, fecha, atende] = vagas;
    let mudo = fila.emudecer(palco)?;
    let cala = cala.atender(palco, "calado", Entrega::Inteiro)?;
    let fecha = fecha.atender(palco, "apressado", Entrega::Inteiro)?;
    let ouvinte = atende.atender(palco, "servidor", Entrega::Inteiro)?;

    chamar(palco, &onde.map(|e| e.to_string()))?;
    let calada = esperar_visita(palco, &cala, "o endereço mudo")?;
    let visita = esperar_visita(palco, &fecha, "o servidor calado");
    let apressada = explicar_engano(palco, onde[1], Codigo::M18, visita)?;
    palco.narrar("apressado", "fechei", "sem saudar");
    apressada.fechar();
    let visita = esperar_visita(palco, &ouvinte, "quem fechou sem saudar");
    let mut conexao = explicar_engano(palco, onde[2], Codigo::M07, visita)?;
    saudar(palco, &mut conexao)?;
    esperar_estado(palco, SAUDADO, Codigo::M09)?;
    drop((mudo, calada));
    let esperado = ["tempo esgotado", "não saudou", "não saudou", "conectou"];
    let linhas: Vec<String> = onde
        .iter()
        .zip(esperado)
        .map(|(endereco, palavra)| format!("{endereco} {palavra}"))
        .collect();
    conferir_relatorio(palco, &linhas)
}

/// A próxima tentativa, depois de uma que esgota o tempo.
fn esperar_visita(
    palco: &Palco,
    ouvinte: &Ouvinte,
    antes: &str,
) -> Passo<Conexao> {
    match ouvinte.aceitar_em(LIMITE) {
        Err(Interrupcao::Falha(falha))
            if falha.codigo == Codigo::NaoConecta =>
        {
            palco.falhar(
                Codigo::M32,
                format!(
                    "depois de {antes}, esperava a tentativa em {} dentro de \
                     {} s, e ela não veio",
                    ouvinte.endereco()?,
                    LIMITE.as_secs()
                ),
            )
        }
        resultado => resultado,
    }
}

/// Se o programa deu por bom um endereço que não saudou, é esse o motivo.
fn explicar_engano(
    palco: &Palco,
    endereco: SocketAddr,
    codigo: Codigo,
    visita: Passo<Conexao>,
) -> Passo<Conexao> {
    let engano = format!("{endereco} conectou");
    if visita.is_err() && palco.saida().contains(&engano) {
        return palco.falhar(
            codigo,
            format!(
                "ninguém saudou em {endereco}, e o relatório diz “{engano}”"
            ),
        );
    }
    visita
}

/// Quem não chegou ao servidor porque repetiu um endereço percorreu a lista:
/// o motivo é a repetição.
fn explicar_repeticao(palco: &Palco, visita: Passo<Conexao>) -> Passo<Conexao> {
    let saida = palco.saida();
    let repetida = (1..saida.len()).find(|&n| repete(&saida, n));
    match (visita, repetida) {
        (Err(Interrupcao::Falha(_)), Some(numero)) => palco.falhar(
            Codigo::Diferente,
            format!(
                "a linha {} do relatório é “{}”{REPETIDO}",
                numero + 1,
                saida[numero]
            ),
        ),
        (visita, _) => visita,
    }
}

/// Se a linha do relatório tem o mesmo endereço que a anterior.
fn repete(saida: &[String], numero: usize) -> bool {
    let endereco = |n: usize| -> Option<SocketAddr> {
        saida.get(n)?.split(' ').next()?.parse().ok()
    };
    numero > 0
        && endereco(numero).is_some()
        && endereco(numero) == endereco(numero - 1)
}

/// Nenhum endereço serve: o relatório inteiro e o estado de saída 1.
fn ninguem(palco: &mut Palco) -> Veredicto {
    let [recusa, fila] = reservar([vizinho(2), vizinho(3)])?;
    let (primeiro, ultimo) = (recusa.endereco, fila.endereco);
    let mudo = fila.emudecer(palco)?;
    let mut argumentos = vec![primeiro.to_string()];
    let mut esperado = vec![format!("{primeiro} recusada")];
    if nome_inexistente() {
        let destino = format!("{INEXISTENTE}:{}", primeiro.port());
        esperado.push(format!("{destino} sem endereço"));
        argumentos.push(destino);
    }
    argumentos.push(ultimo.to_string());
    esperado.push(format!("{ultimo} tempo esgotado"));

    chamar(palco, &argumentos)?;
    esperar_o_fim(palco, Codigo::M32)?;
    drop((recusa, mudo));
    conferir_relatorio(palco, &esperado)?;
    esperar_estado(palco, NINGUEM, Codigo::M32)
}

/// Se este sistema diz, e logo, que o nome reservado não existe. Um que
/// espera muito pelo DNS, ou que inventa uma resposta, não serve de prova.
fn nome_inexistente() -> bool {
    let (envia, recebe) = mpsc::channel();
    thread::spawn(move || {
        let _ = envia.send(resolver(INEXISTENTE).is_err());
    });
    recebe.recv_timeout(RESOLVER).unwrap_or(false)
}

/// Os IPs de um nome, na ordem que o sistema dá, sem repetir.
fn resolver(nome: &str) -> io::Result<Vec<IpAddr>> {
    let mut ips: Vec<IpAddr> =
        (nome, 0).to_socket_addrs()?.map(|e| e.ip()).collect();
    ips.dedup();
    Ok(ips)
}

/// Inicia o programa com estes argumentos.
fn chamar(palco: &mut Palco, argumentos: &[String]) -> Passo<()> {
    let porta = argumentos[0].rsplit_once(':').map_or("", |(_, p)| p);
    palco.chamar(porta.parse().unwrap_or_default(), argumentos)
}

/// Uma linha que não se adivinha vai, e tem de voltar igual.
fn saudar(palco: &mut Palco, conexao: &mut Conexao) -> Passo<()> {
    let texto = format!("olá, {}", palco.sorte().texto(12));
    conexao.enviar(format!("{texto}\n").as_bytes())?;
    conexao
        .esperar_linha(&texto)
        .diagnosticar(|prova| prova.so_o_comeco().then_some(Codigo::M02))
        .contexto("a saudação de volta")
}

/// Espera o programa terminar; quem não termina recebe o código `calado`.
fn esperar_o_fim(palco: &mut Palco, calado: Codigo) -> Passo<Saida> {
    let inicio = Instant::now();
    while inicio.elapsed() < LIMITE {
        if let Some(saida) = palco.terminou() {
            palco.narrar("programa", "terminou", &saida.em_palavras());
            return Ok(saida);
        }
        thread::sleep(FATIA);
    }
    palco.falhar(
        calado,
        format!("o programa não terminou em {} s", LIMITE.as_secs()),
    )
}

fn esperar_estado(palco: &mut Palco, estado: i32, calado: Codigo) -> Veredicto {
    let saida = esperar_o_fim(palco, calado)?;
    if saida.status == Some(estado) {
        return Ok(());
    }
    palco.falhar(
        Codigo::EstadoErrado,
        format!(
            "o programa terminou {}; o requisito pede {estado}",
            saida.em_palavras()
        ),
    )
}

/// A saída padrão, linha por linha, com o programa já terminado.
fn conferir_relatorio(palco: &Palco, esperado: &[String]) -> Veredicto {
    let saida = palco.saida();
    for linha in &saida {
        palco.narrar("relatório", "diz", linha);
    }
    let fim = "(fim do relatório)";
    for numero in 0..esperado.len().max(saida.len()) {
        let pedida = esperado.get(numero).map_or(fim, String::as_str);
        let vista = saida.get(numero).map_or(fim, String::as_str);
        if pedida != vista {
            let causa = match repete(&saida, numero) {
                true => REPETIDO,
                false => "",
            };
            return palco.falhar(
                Codigo::Diferente,
                format!(
                    "na linha {} do relatório, esperava “{pedida}”; \
                     veio “{vista}”{causa}",
                    numero + 1
                ),
            );
        }
    }
    Ok(())
}
