// aceitador
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void morrer(const char *onde) {
    perror(onde);
    exit(1);
}

static int em_um_arquivo(const char *caminho) {
    struct sockaddr_un endereco = {.sun_family = AF_UNIX};
    strncpy(endereco.sun_path, caminho, sizeof endereco.sun_path - 1);
    struct stat dados;
    if (lstat(caminho, &dados) == 0 && S_ISSOCK(dados.st_mode))
        unlink(caminho);
    int ouvinte = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(ouvinte, (struct sockaddr *)&endereco, sizeof endereco) < 0)
        morrer("bind");
    return ouvinte;
}

static int na_rede(char *host) {
    char *porta = strrchr(host, ':');
    *porta++ = '\0';
    if (*host == '[') {
        host++;
        host[strlen(host) - 1] = '\0';
    }
    struct addrinfo pedido = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST,
                              .ai_socktype = SOCK_STREAM};
    struct addrinfo *achado;
    if (getaddrinfo(host, porta, &pedido, &achado) != 0)
        morrer("getaddrinfo");
    int ouvinte = socket(achado->ai_family, SOCK_STREAM, 0);
    int sim = 1, nao = 0;
    setsockopt(ouvinte, SOL_SOCKET, SO_REUSEADDR, &sim, sizeof sim);
    if (achado->ai_family == AF_INET6)
        setsockopt(ouvinte, IPPROTO_IPV6, IPV6_V6ONLY, &nao, sizeof nao);
    if (bind(ouvinte, achado->ai_addr, achado->ai_addrlen) < 0)
        morrer("bind");
    return ouvinte;
}

// Sem SIGPIPE: escrever para quem se foi é um erro como os outros.
static int enviar_tudo(int conexao, const char *dados, size_t quantos) {
    while (quantos > 0) {
        ssize_t foram = send(conexao, dados, quantos, MSG_NOSIGNAL);
        if (foram < 0)
            return -1;
        dados += foram;
        quantos -= foram;
    }
    return 0;
}

static void ecoar(int conexao) {
    char buffer[1000];
    ssize_t lidos;
    while ((lidos = recv(conexao, buffer, sizeof buffer, 0)) > 0)
        if (enviar_tudo(conexao, buffer, lidos) < 0)
            break;
    close(conexao);
}

int main(int argc, char **argv) {
    if (argc < 2)
        return 2;
    int unix_ = strncmp(argv[1], "unix:", 5) == 0;
    int ouvinte = unix_ ? em_um_arquivo(argv[1] + 5) : na_rede(argv[1]);
    if (listen(ouvinte, 50) < 0)
        morrer("listen");
    for (;;) {
        int conexao = accept(ouvinte, NULL, NULL);
        if (conexao < 0) {
            perror("accept");
            usleep(100000);
            continue;
        }
        ecoar(conexao);
    }
}
