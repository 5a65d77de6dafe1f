/* Um eco errado, em C: uma leitura por conexão. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int enviar_tudo(int conexao, const char *dados, ssize_t quantos) {
    while (quantos > 0) {
        ssize_t enviados = write(conexao, dados, quantos);
        if (enviados <= 0) return -1;
        dados += enviados;
        quantos -= enviados;
    }
    return 0;
}

static void ecoar(int conexao) {
    static char buffer[4096];
    ssize_t lidos;
    if ((lidos = read(conexao, buffer, sizeof buffer)) > 0)
        if (enviar_tudo(conexao, buffer, lidos) < 0) return;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    char *porta = strrchr(argv[1], ':');
    if (!porta) return 2;
    *porta++ = '\0';
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in onde = {.sin_family = AF_INET};
    onde.sin_port = htons(atoi(porta));
    inet_pton(AF_INET, argv[1], &onde.sin_addr);
    int ouvinte = socket(AF_INET, SOCK_STREAM, 0), sim = 1;
    setsockopt(ouvinte, SOL_SOCKET, SO_REUSEADDR, &sim, sizeof sim);
    if (bind(ouvinte, (struct sockaddr *)&onde, sizeof onde) < 0) return 1;
    listen(ouvinte, 128);
    for (;;) {
        int conexao = accept(ouvinte, NULL, NULL);
        if (conexao < 0) continue;
        ecoar(conexao);
        close(conexao);
    }
}
