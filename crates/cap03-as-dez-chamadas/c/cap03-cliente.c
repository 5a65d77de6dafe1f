/* Cliente de eco, em C: envia o que você digita.
 *
 *     cc -o cliente crates/cap03-as-dez-chamadas/c/cap03-cliente.c
 *     ./cliente 127.0.0.1 7003
 */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { MAIOR_LINHA = 4096 };
static const struct timeval PRAZO = {.tv_sec = 2};

// ANCHOR: tentar
/* socket, setsockopt e connect: um socket por tentativa. */
static int tentar(const struct addrinfo *a) {
    int conexao = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
    if (conexao < 0)
        return -1;
    setsockopt(conexao, SOL_SOCKET, SO_RCVTIMEO, &PRAZO, sizeof PRAZO);
    if (connect(conexao, a->ai_addr, a->ai_addrlen) < 0) {
        close(conexao);
        return -1;
    }
    return conexao;
}
// ANCHOR_END: tentar

// ANCHOR: conectar
/* getaddrinfo: um nome pode ter vários endereços; vale o que atender. */
static int conectar(const char *host, const char *porta) {
    struct addrinfo pedido = {.ai_socktype = SOCK_STREAM}, *lista;
    if (getaddrinfo(host, porta, &pedido, &lista) != 0)
        return -1;
    int conexao = -1;
    for (struct addrinfo *a = lista; a && conexao < 0; a = a->ai_next)
        conexao = tentar(a);
    freeaddrinfo(lista);
    return conexao;
}
// ANCHOR_END: conectar

// ANCHOR: enviar_tudo
/* send: o kernel aceita o que couber; insista com o resto. */
static int enviar_tudo(int conexao, const char *bytes, size_t faltam) {
    while (faltam > 0) {
        ssize_t enviados = send(conexao, bytes, faltam, MSG_NOSIGNAL);
        if (enviados < 0)
            return -1;
        bytes += enviados;
        faltam -= (size_t)enviados;
    }
    return 0;
}
// ANCHOR_END: enviar_tudo

// ANCHOR: receber
/* recv: entrega o que já chegou; repita até ter os bytes que espera. */
static int receber(int conexao, char *bytes, size_t faltam) {
    while (faltam > 0) {
        ssize_t lidos = recv(conexao, bytes, faltam, 0);
        if (lidos <= 0)
            return -1;
        bytes += lidos;
        faltam -= (size_t)lidos;
    }
    return 0;
}
// ANCHOR_END: receber

// ANCHOR: encerrar
/* shutdown: “não envio mais”; recv até o 0: “nem eu”; close: fim. */
static int encerrar(int conexao) {
    char resto[MAIOR_LINHA];
    ssize_t lidos;
    if (shutdown(conexao, SHUT_WR) < 0)
        return -1;
    while ((lidos = recv(conexao, resto, sizeof resto, 0)) > 0)
        fwrite(resto, 1, (size_t)lidos, stdout);
    return close(conexao) < 0 || lidos < 0 ? -1 : 0;
}
// ANCHOR_END: encerrar

/* Envia cada linha digitada e espera que todos os bytes dela voltem. */
static int conversar(int conexao) {
    char linha[MAIOR_LINHA];
    while (fgets(linha, sizeof linha, stdin)) {
        size_t tamanho = strlen(linha);
        if (enviar_tudo(conexao, linha, tamanho) < 0 ||
            receber(conexao, linha, tamanho) < 0)
            return -1;
        printf("%s", linha);
        fflush(stdout);
    }
    return 0;
}

int main(int quantos, char **argumentos) {
    const char *host = quantos > 1 ? argumentos[1] : "127.0.0.1";
    const char *porta = quantos > 2 ? argumentos[2] : "7003";
    int conexao = conectar(host, porta);
    if (conexao < 0) {
        fprintf(stderr, "não consegui conectar a %s:%s\n", host, porta);
        return 1;
    }
    printf("conectado a %s:%s\n", host, porta);
    fflush(stdout);
    if (conversar(conexao) < 0 || encerrar(conexao) < 0) {
        perror("a conversa parou no meio");
        return 1;
    }
    return 0;
}
