//! Os erros clássicos de quem programa com sockets: código, nome, explicação,
//! pista e página. Conferidor, páginas e mutantes falam destes mesmos códigos,
//! que nunca mudam de sentido.

use std::fmt;

/// Um erro clássico, pronto para ser mostrado.
#[derive(Debug)]
pub struct ErroClassico {
    pub codigo: Codigo,
    /// O código como o leitor o vê: `M07`.
    pub rotulo: &'static str,
    pub nome: &'static str,
    /// Uma ou duas frases que um iniciante entende.
    pub explicacao: &'static str,
    /// Por onde começar a procurar.
    pub pista: &'static str,
    /// O capítulo que mostra o erro; vazio se nenhum mostra.
    pub capitulo: &'static str,
}

macro_rules! catalogo {
    ($($codigo:ident $rotulo:literal $capitulo:literal
       $nome:literal $explicacao:literal $pista:literal)+) => {
        /// O código de um diagnóstico. `M01`…`M40` são os erros clássicos do
        /// livro; os outros dizem o que houve com o próprio programa.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Codigo { $($codigo),+ }

        /// Todos os diagnósticos, na ordem dos códigos.
        pub static CATALOGO: &[ErroClassico] = &[
            $(ErroClassico {
                codigo: Codigo::$codigo, rotulo: $rotulo, nome: $nome,
                explicacao: $explicacao, pista: $pista, capitulo: $capitulo,
            }),+
        ];
    };
}

catalogo! {
    M01 "M01" "cap06-enquadramento" "toma uma leitura por uma mensagem"
    "Várias mensagens chegaram juntas e o programa as tratou como uma só. O TCP entrega bytes; onde uma mensagem acaba, quem decide é o seu programa."
    "Depois de separar a primeira mensagem, o que sobrou no buffer ainda é seu: guarde para a próxima."
    M02 "M02" "cap05-servidor-tcp" "toma uma leitura pela mensagem inteira"
    "O programa leu uma vez e agiu como se tudo tivesse chegado. `read` entrega o que já chegou, e isso pode ser um byte só."
    "Leia em laço, até a mensagem estar completa ou até `read` devolver 0."
    M03 "M03" "cap06-enquadramento" "supõe que o prefixo de tamanho chega inteiro"
    "O prefixo que diz o tamanho chegou em pedaços, e o programa o leu pela metade."
    "Para ler exatamente N bytes existe `read_exact`: use-o também no prefixo."
    M04 "M04" "cap06-enquadramento" "decodifica UTF-8 pedaço por pedaço"
    "Um caractere acentuado ocupa dois bytes ou mais, e a leitura o cortou ao meio. Decodificado pela metade, ele vira “�” ou um erro."
    "Se não precisa de texto, repasse os bytes. Se precisa, decodifique depois de juntar a mensagem inteira."
    M05 "M05" "cap05-servidor-tcp" "usa o buffer inteiro, e não só o que leu"
    "Vieram bytes que ninguém enviou: são restos do buffer, zeros ou pedaços de uma mensagem anterior."
    "`read` devolve quantos bytes leu. Use `&buffer[..lidos]`, nunca `&buffer`."
    M06 "M06" "cap05-servidor-tcp" "chama write onde write_all é necessário"
    "Faltam bytes no meio. `write` pode aceitar só uma parte do que você deu; o resto ficou para trás."
    "Troque `write` por `write_all` ou repita a escrita com o que faltou."
    M07 "M07" "cap05-servidor-tcp" "ignora o fim do fluxo"
    "O outro lado encerrou o envio dele, e o programa não reconheceu o fim. Daí em diante `read` devolve 0 na hora, todas as vezes: quem insiste gira sem parar, e quem toma o 0 por uma mensagem conta com o que ninguém enviou."
    "Quando `read` devolver 0, saia do laço e feche a conexão: o que faltava não vem mais."
    M08 "M08" "cap05-servidor-tcp" "lê em um buffer vazio e toma o 0 pelo fim"
    "O programa fechou a conexão sem devolver nada. `Vec::with_capacity(n)` tem tamanho 0: nele `read` só pode ler 0 bytes, e o 0 parece o fim do fluxo."
    "Crie o buffer com tamanho: `vec![0; n]` ou `[0; n]`."
    M09 "M09" "cap04-cliente-tcp" "espera o fim de uma conexão que continua aberta"
    "O programa só responde depois que o outro lado encerra, e o outro lado espera a resposta: ninguém anda."
    "`read_to_end` e `read_to_string` só voltam no fim do fluxo. Leia o que precisa e responda."
    M10 "M10" "cap04-cliente-tcp" "esquece o flush antes de esperar a resposta"
    "O programa escreveu em um buffer que nunca foi para a rede, e ficou esperando a resposta do que não enviou."
    "Chame `flush` no `BufWriter` antes de esperar a resposta."
    M11 "M11" "cap06-enquadramento" "cria um BufReader novo a cada mensagem"
    "A segunda mensagem sumiu: a leitura da primeira já a tinha trazido, e o programa a jogou fora com a sobra (um `BufReader` descartado leva a dele)."
    "Crie um `BufReader` por conexão e use o mesmo até o fim; sem ele, guarde a sobra para a próxima mensagem."
    M12 "M12" "cap08-encerramento" "fecha a conexão com dados por ler"
    "A conexão terminou com um reset em vez do encerramento ordenado. Fechar um socket com bytes não lidos faz o sistema enviar RST, e a resposta pode se perder."
    "Leia até o fim do fluxo (`read` devolve 0) antes de fechar."
    M13 "M13" "cap08-encerramento" "confunde fechar com meio fechar"
    "As duas direções de uma conexão terminam cada uma por si. O programa tratou o fim de uma como o fim das duas, ou nunca encerrou a dele."
    "O fim do fluxo vale para uma direção. Termine de enviar o que deve, encerre só o envio, com `shutdown(Write)`, sem esperar o outro lado, e leia até o zero antes de fechar."
    M14 "M14" "cap08-encerramento" "pensa que descartar um clone fecha a conexão"
    "O outro lado continua esperando o fim. O programa não encerrou o envio: ou ainda tem a conexão aberta, ou um clone dela, e ela só fecha com o último."
    "Chame `shutdown(Shutdown::Write)`: vale para a conexão, não para o clone."
    M15 "M15" "cap08-encerramento" "toma a primeira escrita por prova de entrega"
    "O outro lado já tinha ido embora, e o programa contou como entregue o que escreveu. `write` só diz que o sistema guardou os bytes."
    "Prova de entrega é uma resposta do outro lado."
    M16 "M16" "cap05-servidor-tcp" "deixa o erro de um cliente derrubar o servidor"
    "Um cliente desistiu no meio, e depois dele ninguém mais foi atendido. O erro de uma conexão só diz respeito àquela conexão."
    "Trate o erro dentro do laço de `accept`: registre e atenda o próximo."
    M17 "M17" "cap03-as-dez-chamadas" "não espera quando accept falha"
    "Faltaram descritores de arquivo, e `accept` passou a falhar na hora: o laço girou sem descanso, ou o programa terminou."
    "Quando `accept` falhar por falta de descritores, espere uma conexão terminar antes de tentar de novo."
    M18 "M18" "cap05-servidor-tcp" "pensa que accept faz a conexão"
    "A conexão existe antes de `accept`: o sistema completa o handshake e a guarda na fila. Conectar não prova que alguém atende."
    "Prova de atendimento é uma resposta."
    M19 "M19" "cap14-threads" "atende um cliente por vez onde se pede vários"
    "Um cliente ficou calado, e os outros não foram atendidos enquanto isso."
    "Cada conexão precisa do seu próprio andamento: uma thread, uma tarefa, ou um laço de eventos."
    M20 "M20" "cap01-o-que-e-um-socket" "acha que travou: falta o outro lado"
    "O programa espera um outro lado que ainda não existe."
    "Inicie primeiro o servidor. `cargo oficina demo` mostra os dois lados em um terminal só."
    M21 "M21" "cap05-servidor-tcp" "não consegue voltar à mesma porta"
    "O programa foi encerrado com uma conexão aberta e, ao voltar, a porta ainda estava em uso. O sistema guarda o endereço por um tempo (TIME_WAIT)."
    "Ligue SO_REUSEADDR antes do bind. O `TcpListener` da std já faz isso no Linux; com `socket2` ou Python, ligue você mesmo (`set_reuse_address`, `setsockopt`)."
    M22 "M22" "cap02-enderecos-e-nomes" "tenta um só dos endereços do nome"
    "`localhost` pode ser `::1` e `127.0.0.1`. O programa não tentou todos os endereços, e o servidor estava em outro."
    "Percorra a lista que o resolvedor devolve (`to_socket_addrs`, `getaddrinfo`) e tente um endereço por vez."
    M23 "M23" "cap02-enderecos-e-nomes" "conta com pilha dupla em todo lugar"
    "O programa escuta em `[::]` e conta que o IPv4 também chegue; isso depende do sistema."
    "Escute nas duas famílias ou desligue IPV6_V6ONLY de propósito, com socket2."
    M24 "M24" "cap05-servidor-tcp" "escuta em todas as interfaces sem precisar"
    "O programa escuta em 0.0.0.0 (ou `[::]`): qualquer máquina da rede chega até ele. Foi pedido um endereço só."
    "Use o endereço que veio no argumento, inteiro, e não apenas a porta."
    M25 "M25" "cap07-ordem-dos-bytes" "troca a ordem dos bytes"
    "O número chegou com os bytes ao contrário. Na rede, o byte mais significativo vem primeiro."
    "Use `to_be_bytes` e `from_be_bytes`."
    M26 "M26" "cap06-enquadramento" "confia no tamanho que o outro declarou"
    "O programa guardou sem limite, ou acreditou no tamanho que o outro lado declarou."
    "Tenha um limite seu, e compare antes de guardar: com o tamanho declarado, assim que ele chega; sem tamanho declarado, com o que já está guardado, a cada leitura."
    M27 "M27" "cap10-udp" "recebe datagramas em um buffer pequeno"
    "O datagrama era maior que o buffer: o que não coube se perdeu, sem aviso."
    "Reserve um buffer do tamanho do maior datagrama que o protocolo permite, e um byte a mais para perceber quem passa dele."
    M28 "M28" "cap10-udp" "toma o datagrama vazio pelo fim"
    "Chegou um datagrama de 0 bytes e o programa parou. Em UDP não há fim de fluxo: 0 bytes é uma mensagem."
    "Siga recebendo: um datagrama vazio é um datagrama."
    M29 "M29" "cap10-udp" "toma o envio de um datagrama por entrega"
    "`send_to` deu certo, mas não havia ninguém do outro lado."
    "Espere uma resposta, com prazo, e trate a falta dela."
    M30 "M30" "cap10-udp" "aceita resposta de qualquer um, ou atrasada"
    "O programa tomou por resposta um datagrama de outro remetente, ou de uma pergunta antiga."
    "Confira de quem veio e a qual pergunta responde."
    M31 "M31" "cap10-udp" "envia um datagrama gigante"
    "O programa enviou, ou tentou enviar, mais do que um datagrama deve levar. Em IPv4 não partem mais de 65.507 bytes, bem menos cabe na rede sem fragmentar, e o seu protocolo pode ter um limite ainda menor."
    "Antes de enviar, compare o tamanho, em bytes, com o limite do seu protocolo. O que passa dele se recusa, se divide em mensagens menores ou vai por TCP."
    M32 "M32" "cap09-prazos-e-erros" "não limita uma das esperas, ou não trata o limite"
    "O programa esperou além do limite, ou desistiu sem reconhecer o tempo esgotado. Conectar, ler e escrever são esperas, e cada uma precisa do seu limite."
    "Limite cada espera (`connect_timeout`, `set_read_timeout`, `set_write_timeout`; em Python, `settimeout`) e trate os dois nomes do mesmo erro: `WouldBlock` e `TimedOut` (em Python, `TimeoutError`)."
    M33 "M33" "cap09-prazos-e-erros" "toma o tempo limite de cada passo pelo prazo total"
    "O prazo é um só, do começo ao fim, e o programa recomeçou a contagem a cada leitura ou a cada tentativa. Assim, um byte de cada vez, ou uma queda atrás da outra, o leva além do prazo."
    "Guarde o instante final e dê a cada leitura, e a cada tentativa, só o tempo que resta."
    M34 "M34" "cap09-prazos-e-erros" "repete o que não pode ser repetido"
    "A confirmação se perdeu, a mensagem foi enviada de novo, e o efeito pode acontecer duas vezes."
    "Depois de uma queda, repita só o que é idempotente; o resto precisa de um número na mensagem, para que o servidor descarte a que já viu."
    M35 "M35" "cap09-prazos-e-erros" "escreve, escreve e lê, com o algoritmo de Nagle ligado"
    "Cada rodada perdeu dezenas de milissegundos: a segunda escrita espera a confirmação da primeira."
    "Junte as duas escritas em uma, ou ligue TCP_NODELAY."
    M36 "M36" "cap14-threads" "segura a trava enquanto escreve"
    "Um cliente parou de ler, e todos os outros pararam junto."
    "Copie o que precisa, solte a trava e só então escreva."
    M37 "M37" "cap17-http" "foge do formato do HTTP"
    "Linhas terminam em `\\r\\n`, o corpo precisa de tamanho, e o nome do cabeçalho não distingue maiúsculas."
    "Compare a sua resposta, byte a byte, com a do exemplo da página."
    M38 "M38" "cap15-laco-de-eventos" "gira em falso em um socket não bloqueante"
    "Sem nada para fazer, o programa ocupou o processador inteiro."
    "Espere por eventos (`poll`) em vez de tentar de novo em seguida."
    M39 "M39" "cap15-laco-de-eventos" "esquece o que falta enviar no laço de eventos"
    "O cliente leu devagar, o programa enviou uma parte e esqueceu o resto."
    "Guarde a saída pendente de cada conexão e peça o evento de escrita enquanto houver."
    M40 "M40" "cap13-difusao-e-multicast" "esquece SO_BROADCAST"
    "O envio para o endereço de difusão foi negado: o socket não pediu permissão."
    "Chame `set_broadcast(true)` antes de enviar."

    NaoEscuta "nao-escuta" "" "não escuta em lugar nenhum"
    "O programa está rodando, mas não abriu nenhum socket de escuta."
    "Associe (bind) o endereço do primeiro argumento e escute nele."
    PorTcp "por-tcp" "" "escuta por TCP onde se pede UDP"
    "O programa abriu um socket de escuta TCP. As portas do TCP e as do UDP são separadas: nenhum datagrama chega a ele."
    "Associe um socket UDP: `UdpSocket::bind` (em Python, `SOCK_DGRAM` e `bind`). Em UDP não há `listen` nem `accept`."
    OutroEndereco "outro-endereco" "" "escuta em outro endereço"
    "O programa escuta, mas não no endereço que recebeu como primeiro argumento."
    "O endereço vem em `std::env::args().nth(1)` (em Python, `sys.argv[1]`)."
    NaoConecta "nao-conecta" "" "não conecta"
    "O programa está rodando, mas não se conectou ao endereço que recebeu."
    "Conecte-se ao endereço do primeiro argumento."
    NaoEnvia "nao-envia" "" "não envia nada"
    "O programa está rodando, mas nenhum datagrama chegou dele."
    "Envie ao endereço do primeiro argumento."
    Encerrou "encerrou" "" "encerrou antes da hora"
    "O programa terminou quando ainda devia estar funcionando."
    "Veja o que ele escreveu antes de sair."
    DesisteCedo "desiste-cedo" "" "desiste antes do prazo"
    "O programa deu a resposta por perdida quando ela ainda podia chegar."
    "Guarde o instante do envio e só desista quando o prazo inteiro tiver passado desde ele."
    Diferente "diferente" "" "respondeu outra coisa"
    "A resposta não é a esperada."
    "Compare, byte a byte, o esperado com o recebido."
    Calado "calado" "" "não respondeu"
    "O programa recebeu o pedido e ficou em silêncio."
    "Descubra em qual chamada ele está parado: o que ela espera?"
    FechouCedo "fechou-cedo" "" "fechou a conexão antes da hora"
    "O programa encerrou a conexão quando ainda faltava enviar."
    "Veja o que ele escreveu antes disso, e procure o que o faz sair do laço."
    NaoFecha "nao-fecha" "" "não fecha a conexão no fim"
    "O cliente avisou que não envia mais, e o programa não tem mais o que devolver. Mesmo assim ele guarda a conexão: o cliente espera um fim que não vem, ou o descritor nunca é devolvido."
    "Ao sair do laço de leitura, feche a conexão: em Rust ela fecha quando o último dono sai de escopo; em Python, `conexao.close()` ou `with conexao:`."
    NaoAtende "nao-atende" "" "não atende a próxima conexão"
    "A conexão ficou na fila do sistema: o programa não chamou `accept` de novo."
    "Depois de atender um cliente, volte ao `accept`: um laço em volta dele."
    EstadoErrado "estado-errado" "" "estado de saída errado"
    "O programa terminou, mas não com o estado de saída que o requisito pede neste caso."
    "Veja que número o seu programa escolhe neste caso: o `ExitCode` que `main` devolve, ou `process::exit` (em Python, `sys.exit`). Um pânico termina com 101, e uma exceção não tratada, com 1."
    FilaCheia "fila-cheia" "" "a fila de conexões pendentes encheu"
    "O programa escuta, e o sistema deixou um pedido de conexão sem resposta: a fila que `listen` pediu já estava cheia."
    "O argumento de `listen` é o tamanho da fila. Peça uma em que caibam os clientes que esperam: 128, por exemplo."
    CaminhoOcupado "caminho-ocupado" "" "não consegue voltar ao mesmo caminho"
    "O arquivo de um socket Unix não some com o programa. No caminho havia um, de uma execução anterior, e `bind` não o substitui."
    "Antes do `bind`, apague o socket que tiver ficado no caminho."
    ArquivoApagado "arquivo-apagado" "" "apaga um arquivo que não é dele"
    "No caminho havia um arquivo que não é um socket, e o programa o apagou para pôr o socket no lugar."
    "Antes de apagar, olhe o tipo do arquivo: só um socket pode ser apagado."
    PedidoIncompleto "pedido-incompleto" "" "o pedido veio incompleto"
    "Chegou só o começo do pedido, e o servidor continua esperando o resto."
    "Compare com o protocolo, até o último byte: falta o fim da linha?"
    OutraConexao "outra-conexao" "" "abre uma conexão para cada pedido"
    "A conexão estava em ordem e podia levar o pedido seguinte; o programa abriu outra. Cada conexão nova custa uma ida e volta antes do primeiro byte."
    "Guarde a conexão entre um pedido e o próximo, e abra outra só se ela cair."
    PerguntaDeNovo "pergunta-de-novo" "" "pergunta de novo"
    "A mesma pergunta chegou outra vez. Quando a resposta não vem, não se sabe se o pedido se perdeu ou se foi atendido; quem repete pode mandar fazer duas vezes."
    "Um datagrama por pergunta: depois do prazo, escreva `sem resposta` e passe à próxima linha."
    RemetenteErrado "remetente-errado" "" "não responde a quem enviou"
    "Dois clientes enviaram, cada um do seu socket, e um deles não recebeu a própria resposta. Um socket UDP recebe de todos, e a resposta vai a quem enviou aquele datagrama."
    "Responda com `send_to` ao endereço que `recv_from` devolveu junto com o datagrama. Não guarde o endereço para a próxima vez, nem chame `connect`."
    OutraOrigem "outra-origem" "" "responde de outro endereço"
    "A resposta saiu de um socket que não é o que recebeu. Um cliente que confere o remetente, ou que usou `connect`, não a verá."
    "Receba e responda pelo mesmo socket."
    ComoTexto "como-texto" "" "toma os bytes por texto"
    "O datagrama tinha bytes que não formam um texto em UTF-8, e não voltou igual. Quem só repete não precisa entender o que repete."
    "Devolva os bytes como chegaram: `&buffer[..lidos]`, sem `String` (em Python, sem `decode`)."
    ContaLetras "conta-letras" "" "conta letras, e não bytes"
    "Com um recado sem acentos deu certo; com acentos, não. O tamanho anunciado é em bytes, e uma letra acentuada ocupa mais de um: quem conta letras espera por mais do que o servidor vai enviar."
    "Leia o recado como bytes (`Vec<u8>`; em Python, `makefile(\"rb\")`), conte bytes, e escreva bytes."
    SemRecuo "sem-recuo" "cap09-prazos-e-erros" "tenta de novo sem esperar mais a cada vez"
    "O programa repetiu a tentativa muitas vezes em pouco tempo. Um servidor que acabou de cair recebe de cada cliente uma rajada assim."
    "Espere antes de tentar de novo, e dobre a espera a cada vez."
    Segura "segura" "" "segura uma parte do que recebeu"
    "Uma parte do que chegou ao programa não voltou: ele espera mais, para encher um buffer, ou ela se perdeu."
    "Devolva o que cada leitura trouxe antes de ler de novo, sem esperar encher o buffer (em C, `read`, e não `fread`). Quem escreve por um buffer chama `flush` depois de cada escrita."
    ParaNoZero "para-no-zero" "" "para no byte zero"
    "O eco veio até um byte zero, e parou ali. Zero é um byte como os outros; quem procura nele o fim do texto, como `strlen` em C, perde o que vem depois."
    "Envie tantos bytes quantos a leitura devolveu."
    PorUdp "por-udp" "" "usa UDP onde se pede TCP"
    "O programa associou um socket UDP. As portas do UDP e as do TCP são separadas: nenhuma conexão chega a ele."
    "Crie um socket TCP: `TcpListener::bind` (em Python, `SOCK_STREAM` e `listen`)."
    NaoTermina "nao-termina" "" "não termina"
    "O programa já não tem o que esperar, e continua rodando."
    "Depois de fazer o que se pede, saia: procure o laço ou a espera em que ele ficou."
}

impl Codigo {
    /// O código como aparece nas páginas, no JSON e nos mutantes.
    pub fn rotulo(self) -> &'static str {
        self.erro().rotulo
    }

    /// A entrada do catálogo.
    pub fn erro(self) -> &'static ErroClassico {
        &CATALOGO[self as usize]
    }

    /// O código com este rótulo (`M07`, `outro-endereco`).
    pub fn do_rotulo(rotulo: &str) -> Option<Codigo> {
        CATALOGO
            .iter()
            .find(|erro| erro.rotulo.eq_ignore_ascii_case(rotulo))
            .map(|erro| erro.codigo)
    }

    /// Se é um dos erros clássicos do livro (e não um fato do programa).
    pub fn classico(self) -> bool {
        self <= Codigo::M40
    }
}

impl fmt::Display for Codigo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.rotulo())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cada_codigo_aponta_para_a_propria_entrada() {
        for (posicao, erro) in CATALOGO.iter().enumerate() {
            assert_eq!(erro.codigo as usize, posicao, "{}", erro.rotulo);
            assert_eq!(Codigo::do_rotulo(erro.rotulo), Some(erro.codigo));
        }
    }

    #[test]
    fn os_classicos_sao_m01_a_m40_em_ordem() {
        let classicos = CATALOGO.iter().filter(|e| e.codigo.classico());
        let rotulos: Vec<_> = classicos.map(|e| e.rotulo.to_owned()).collect();
        let esperados: Vec<_> = (1..=40).map(|n| format!("M{n:02}")).collect();
        assert_eq!(rotulos, esperados);
    }
}
