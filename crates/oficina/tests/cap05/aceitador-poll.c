// aceitador
// Um laço com poll(2), e um buffer por cliente, em C.
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTES = 64, BLOCO = 8192 };

struct cliente {
    char bloco[BLOCO];
    size_t feito, cheio;
};

static int escutar(const char *texto)
{
    char host[64] = "";
    const char *dois_pontos = strrchr(texto, ':');
    if (!dois_pontos || dois_pontos - texto >= (long)sizeof host)
        exit(2);
    memcpy(host, texto, dois_pontos - texto);
    struct sockaddr_in local = { .sin_family = AF_INET };
    local.sin_port = htons(atoi(dois_pontos + 1));
    int um = 1, ouvinte = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(ouvinte, SOL_SOCKET, SO_REUSEADDR, &um, sizeof um);
    if (inet_pton(AF_INET, host, &local.sin_addr) != 1
        || bind(ouvinte, (struct sockaddr *)&local, sizeof local) < 0
        || listen(ouvinte, 16) < 0) {
        perror(texto);
        exit(1);
    }
    return ouvinte;
}

/* Lê ou escreve uma vez; devolve 0 quando a conversa acabou. */
static int avancar(int conexao, struct cliente *c)
{
    ssize_t n;
    if (c->feito == c->cheio) {
        n = read(conexao, c->bloco, BLOCO);
        c->feito = 0;
        c->cheio = n > 0 ? n : 0;
        return n > 0;
    }
    n = send(conexao, c->bloco + c->feito, c->cheio - c->feito, MSG_DONTWAIT);
    if (n > 0)
        c->feito += n;
    return n > 0;
}

int main(int argc, char **argv)
{
    static struct cliente clientes[CLIENTES];
    struct pollfd vigiados[CLIENTES] = { 0 };
    nfds_t quantos = 1;
    if (argc < 2)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    vigiados[0].fd = escutar(argv[1]);
    vigiados[0].events = POLLIN;
    while (poll(vigiados, quantos, -1) > 0) {
        for (nfds_t i = quantos - 1; i > 0; i--) {
            if (!vigiados[i].revents)
                continue;
            if (avancar(vigiados[i].fd, &clientes[i])) {
                int falta = clientes[i].feito < clientes[i].cheio;
                vigiados[i].events = falta ? POLLOUT : POLLIN;
            } else {
                close(vigiados[i].fd);
                quantos--;
                vigiados[i] = vigiados[quantos];
                clientes[i] = clientes[quantos];
            }
        }
        if (vigiados[0].revents && quantos < CLIENTES) {
            vigiados[quantos].fd = accept(vigiados[0].fd, NULL, NULL);
            vigiados[quantos].events = POLLIN;
            vigiados[quantos].revents = 0;
            memset(&clientes[quantos], 0, sizeof clientes[0]);
            if (vigiados[quantos].fd >= 0)
                quantos++;
        }
    }
    return 1;
}
