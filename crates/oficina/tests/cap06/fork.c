// aceitador
// Um processo por cliente, e um byte por leitura.
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIMITE = 1024, FIM = -1, INCOMPLETA = -2, LONGA = -3 };

static int escutar(char *endereco) {
    char *porta = strrchr(endereco, ':');
    *porta++ = '\0';
    struct sockaddr_in onde = {.sin_family = AF_INET};
    onde.sin_port = htons(atoi(porta));
    inet_pton(AF_INET, endereco, &onde.sin_addr);
    int ouvinte = socket(AF_INET, SOCK_STREAM, 0), sim = 1;
    setsockopt(ouvinte, SOL_SOCKET, SO_REUSEADDR, &sim, sizeof sim);
    if (bind(ouvinte, (struct sockaddr *)&onde, sizeof onde) < 0) exit(1);
    if (listen(ouvinte, 16) < 0) exit(1);
    return ouvinte;
}

static int ler_um(int conexao, unsigned char *byte) {
    return read(conexao, byte, 1) == 1;
}

static int ler_linha(int conexao, unsigned char *texto) {
    for (int lidos = 0; lidos <= LIMITE; lidos++) {
        if (!ler_um(conexao, &texto[lidos])) return lidos ? INCOMPLETA : FIM;
        if (texto[lidos] == '\n') return lidos;
    }
    return LONGA;
}

static int ler_com_prefixo(int conexao, unsigned char *texto) {
    unsigned char alto, baixo;
    if (!ler_um(conexao, &alto)) return FIM;
    if (!ler_um(conexao, &baixo)) return INCOMPLETA;
    int tamanho = alto * 256 + baixo;
    if (tamanho > LIMITE) return LONGA;
    for (int lidos = 0; lidos < tamanho; lidos++)
        if (!ler_um(conexao, &texto[lidos])) return INCOMPLETA;
    return tamanho;
}

static void escrever(int conexao, const void *bytes, int quantos) {
    const char *resto = bytes;
    while (quantos > 0) {
        int escritos = write(conexao, resto, quantos);
        if (escritos < 0) exit(1);
        resto += escritos;
        quantos -= escritos;
    }
}

static void responder(int conexao, int prefixo, const void *texto, int n) {
    unsigned char tamanho[2] = {n / 256, n % 256};
    if (prefixo) escrever(conexao, tamanho, 2);
    escrever(conexao, texto, n);
    if (!prefixo) escrever(conexao, "\n", 1);
}

static int contar(const unsigned char *texto, int bytes) {
    int caracteres = 0;
    for (int n = 0; n < bytes; n++) caracteres += (texto[n] & 0xC0) != 0x80;
    return caracteres;
}

static void atender(int conexao) {
    unsigned char texto[LIMITE + 1], saida[LIMITE + 20];
    int n = ler_linha(conexao, texto);
    if (n != 6 && n != 7) return;
    int prefixo = n == 7 && memcmp(texto, "prefixo", 7) == 0;
    if (!prefixo && (n != 6 || memcmp(texto, "linhas", 6) != 0)) return;
    escrever(conexao, "pronto\n", 7);
    for (;;) {
        n = prefixo ? ler_com_prefixo(conexao, texto)
                    : ler_linha(conexao, texto);
        if (n == FIM) return;
        if (n == INCOMPLETA || n == LONGA) {
            const char *erro = n == LONGA ? "erro: mensagem longa demais"
                                          : "erro: mensagem incompleta";
            responder(conexao, prefixo, erro, strlen(erro));
            return;
        }
        int cabeca = sprintf((char *)saida, "%d ", contar(texto, n));
        memcpy(saida + cabeca, texto, n);
        responder(conexao, prefixo, saida, cabeca + n);
    }
}

int main(int quantos, char **argumentos) {
    int ouvinte = escutar(argumentos[quantos - 1]);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        int conexao = accept(ouvinte, NULL, NULL);
        if (conexao < 0) continue;
        if (fork() == 0) {
            close(ouvinte);
            atender(conexao);
            exit(0);
        }
        close(conexao);
    }
}
