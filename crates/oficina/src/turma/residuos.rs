//! O que cada nível de isolamento não protege, dito no relatório.

use crate::processo::Nivel;

/// Uma frase por coisa que resta. No L2 resta pouco, e também é dito.
pub fn do_nivel(nivel: Nivel) -> Vec<String> {
    let frases: &[&str] = match nivel {
        Nivel::L2 => &[
            "um programa vê os arquivos do sistema (/usr), e nada mais da máquina",
            "uma falha do kernel ou do compilador ainda alcança o resto",
        ],
        Nivel::L1 => &[
            "um programa pode mandar datagramas UDP para fora da máquina",
            "um programa vê o nome dos outros processos, e pode ocupar portas \
             que outra entrega usaria",
            "um programa pode deixar arquivos em /dev/shm, onde outra entrega \
             os leria",
        ],
        Nivel::L0 => &[
            "um programa lê e escreve tudo o que você pode: soluções, etapas \
             privadas, as outras entregas e os próprios resultados",
            "um programa usa a rede da máquina, inclusive a internet",
            "um programa pode encerrar outros processos seus, inclusive esta \
             conferência",
        ],
    };
    frases.iter().map(|frase| (*frase).to_owned()).collect()
}
