/* Servidor de eco, em C, um cliente por vez.
 *
 *     cc -o servidor crates/cap03-as-dez-chamadas/c/cap03-servidor.c
 *     ./servidor 127.0.0.1 7003
 */
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FILA = 128, TAMANHO_DO_BUFFER = 4096, PAUSA_EM_MICROS = 100 * 1000 };

// ANCHOR: escutar
/* getaddrinfo, socket, setsockopt, bind e listen, nesta ordem. */
static int escutar(const char *host, const char *porta) {
    struct addrinfo pedido = {.ai_socktype = SOCK_STREAM}, *a;
    if (getaddrinfo(host, porta, &pedido, &a) != 0)
        return -1;
    int sim = 1;
    int ouvinte = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
    if (ouvinte >= 0 &&
        (setsockopt(ouvinte, SOL_SOCKET, SO_REUSEADDR, &sim, sizeof sim) < 0 ||
         bind(ouvinte, a->ai_addr, a->ai_addrlen) < 0 ||
         listen(ouvinte, FILA) < 0)) {
        close(ouvinte);
        ouvinte = -1;
    }
    freeaddrinfo(a);
    return ouvinte;
}
// ANCHOR_END: escutar

// ANCHOR: ecoar
/* recv e send, até o 0. */
static void ecoar(int conexao) {
    char buffer[TAMANHO_DO_BUFFER];
    ssize_t lidos;
    while ((lidos = recv(conexao, buffer, sizeof buffer, 0)) > 0) {
        for (ssize_t feitos = 0; feitos < lidos;) {
            ssize_t enviados = send(conexao, buffer + feitos,
                                    (size_t)(lidos - feitos), MSG_NOSIGNAL);
            if (enviados < 0)
                return;
            feitos += enviados;
        }
    }
}
// ANCHOR_END: ecoar

static void mostrar(int ouvinte) {
    struct sockaddr_storage onde;
    socklen_t tamanho = sizeof onde;
    char host[64] = "?", porta[8] = "?";
    getsockname(ouvinte, (struct sockaddr *)&onde, &tamanho);
    getnameinfo((struct sockaddr *)&onde, tamanho, host, sizeof host, porta,
                sizeof porta, NI_NUMERICHOST | NI_NUMERICSERV);
    printf("escutando em %s:%s\n", host, porta);
    fflush(stdout);
}

// ANCHOR: main
int main(int quantos, char **argumentos) {
    const char *host = quantos > 1 ? argumentos[1] : "127.0.0.1";
    const char *porta = quantos > 2 ? argumentos[2] : "7003";
    int ouvinte = escutar(host, porta);
    if (ouvinte < 0) {
        fprintf(stderr, "não consegui escutar em %s:%s\n", host, porta);
        return 1;
    }
    mostrar(ouvinte);
    for (;;) {
        int conexao = accept(ouvinte, NULL, NULL);
        if (conexao < 0) { /* O erro pode durar: não gire em falso. */
            perror("não consegui aceitar");
            usleep(PAUSA_EM_MICROS);
            continue;
        }
        ecoar(conexao);
        close(conexao);
    }
}
// ANCHOR_END: main
