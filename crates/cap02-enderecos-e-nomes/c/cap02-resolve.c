/* Pergunta ao sistema que endereços tem um nome.
 *
 *     cc -o resolve cap02-resolve.c && ./resolve localhost 7002
 */
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

#define MAIOR_TEXTO 64

// ANCHOR: resolver
/* Os endereços do nome, em uma lista ligada; NULL se não há nenhum. */
static struct addrinfo *resolver(const char *host, const char *porta)
{
    struct addrinfo pedido = {
        .ai_family = AF_UNSPEC,     /* IPv4 e IPv6 */
        .ai_socktype = SOCK_STREAM, /* TCP: sem isto, cada um vem três vezes */
    };
    struct addrinfo *lista = NULL;
    int erro = getaddrinfo(host, porta, &pedido, &lista);
    if (erro != 0)
        fprintf(stderr, "%s:%s: não achei o endereço (%s)\n", host, porta,
                gai_strerror(erro));
    return lista;
}
// ANCHOR_END: resolver

static void mostrar(const struct addrinfo *um)
{
    char host[MAIOR_TEXTO], porta[MAIOR_TEXTO];
    int ipv6 = um->ai_family == AF_INET6;
    if (getnameinfo(um->ai_addr, um->ai_addrlen, host, sizeof host, porta,
                    sizeof porta, NI_NUMERICHOST | NI_NUMERICSERV) == 0)
        printf(ipv6 ? "  IPv6  [%s]:%s\n" : "  IPv4  %s:%s\n", host, porta);
}

int main(int quantos, char **argumentos)
{
    const char *host = quantos > 1 ? argumentos[1] : "localhost";
    const char *porta = quantos > 2 ? argumentos[2] : "7002";
    struct addrinfo *lista = resolver(host, porta);
    if (lista == NULL)
        return 1;
    printf("%s:%s\n", host, porta);
    for (struct addrinfo *um = lista; um != NULL; um = um->ai_next)
        mostrar(um);
    freeaddrinfo(lista); /* a lista é nossa desde que getaddrinfo voltou */
    return 0;
}
