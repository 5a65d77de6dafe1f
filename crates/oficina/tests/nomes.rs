//! Os nomes do livro: o que este processo vê depois de entrar neles, e o que a
//! máquina continua vendo.
//!
//! Só se entra enquanto há uma thread só: por isso o `main` é nosso. Onde o
//! sistema não deixa, os testes são pulados com um aviso; com
//! `OFICINA_EXIGIR_BANCADA=1`, isso é uma falha.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};
use std::process::{Child, Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use oficina::processo::nomes;

const HOSTS: &str = "/etc/hosts";

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    if std::env::args().nth(1).as_deref()
        == Some(oficina::processo::isolamento::SUBCOMANDO_DA_PROVA)
    {
        return oficina::processo::isolamento::executar_prova();
    }
    let argumentos = Arguments::from_args();
    let de_fora = fs::read_to_string(HOSTS).unwrap_or_default();
    let vizinho = Vizinho::novo();
    let testes = match nomes::entrar() {
        Ok(()) => dentro(de_fora, vizinho),
        Err(erro) => fora(&erro.to_string()),
    };
    libtest_mimic::run(&argumentos, testes).exit_code()
}

fn dentro(de_fora: String, vizinho: Vizinho) -> Vec<Trial> {
    vec![
        Trial::test("localhost_tem_os_dois_enderecos", || {
            let ips = enderecos("localhost")?;
            let loopback: [IpAddr; 2] =
                [Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()];
            let faltam = loopback.iter().any(|ip| !ips.contains(ip));
            let sobram = ips.iter().any(|ip| !loopback.contains(ip));
            confere(!faltam && !sobram, &format!("localhost: {ips:?}"))?;
            confere(nomes::localhost_duplo(), "localhost_duplo diz que não")
        }),
        Trial::test("so_o_arquivo_de_hosts_responde", || {
            let hosts = fs::read_to_string(HOSTS)?;
            confere(hosts.lines().count() == 2, &hosts)?;
            let dns = fs::read_to_string("/etc/resolv.conf")?;
            confere(dns == "nameserver 127.0.0.1\n", &dns)?;
            for nome in ["www.example.com", "a", "b"] {
                let achado = enderecos(nome);
                confere(achado.is_err(), &format!("{nome}: {achado:?}"))?;
            }
            Ok(())
        }),
        Trial::test("a_maquina_continua_com_os_arquivos_dela", move || {
            let visto = vizinho.ler()?;
            confere(visto == de_fora, &format!("fora daqui: {visto}"))
        }),
    ]
}

/// O que se conta de um sistema que não deixa.
fn fora(erro: &str) -> Vec<Trial> {
    let exigida = std::env::var("OFICINA_EXIGIR_BANCADA");
    let erro = format!("este sistema não deixa trocar os nomes: {erro}");
    if exigida.is_ok_and(|valor| valor == "1") {
        return vec![Trial::test("os_nomes_do_livro", || Err(erro.into()))];
    }
    let _ = writeln!(io::stderr(), "pulado: {erro}");
    vec![Trial::test("os_nomes_do_livro", || Ok(())).with_ignored_flag(true)]
}

fn enderecos(nome: &str) -> Result<Vec<IpAddr>, Failed> {
    Ok((nome, 0).to_socket_addrs()?.map(|e| e.ip()).collect())
}

fn confere(certo: bool, visto: &str) -> Result<(), Failed> {
    match certo {
        true => Ok(()),
        false => Err(visto.into()),
    }
}

/// Um processo que nasceu antes da troca, e lê o arquivo depois dela.
struct Vizinho(Option<Child>);

impl Vizinho {
    fn novo() -> Vizinho {
        let processo = Command::new("sh")
            .args(["-c", &format!("read vez && cat {HOSTS}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        Vizinho(processo.ok())
    }

    fn ler(self) -> Result<String, Failed> {
        let mut processo = self.0.ok_or("o sh não começou")?;
        let entrada = processo.stdin.as_mut().ok_or("sem entrada")?;
        entrada.write_all(b"agora\n")?;
        let mut visto = String::new();
        let saida = processo.stdout.as_mut().ok_or("sem saída")?;
        saida.read_to_string(&mut visto)?;
        processo.wait()?;
        Ok(visto)
    }
}
