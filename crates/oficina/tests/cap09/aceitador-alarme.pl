# aceitador
use strict;
use warnings;
use Errno qw(:POSIX);
use Socket qw(:all);
use Time::HiRes qw(time sleep setitimer ITIMER_REAL);

$| = 1;
$SIG{PIPE} = 'IGNORE';
my ($endereco, @pedidos) = @ARGV;
my ($host, $porta) = $endereco =~ /^\[?(.*?)\]?:(\d+)$/;
my ($erro, $destino) = getaddrinfo($host, $porta, {socktype => SOCK_STREAM});
my $conexao;

sub desistir { die "$_[0]\n" }

# O estado de saída que diz o último erro do sistema.
sub estado {
    my $numero = $! + 0;
    return 3 if $numero == ECONNREFUSED;
    return 5 if $numero == ECONNRESET || $numero == EPIPE;
    return $numero == ETIMEDOUT ? 4 : 1;
}

sub ler {
    my $quantos = shift;
    my $lido = '';
    while (length $lido < $quantos) {
        my $falta = $quantos - length $lido;
        my $vieram = sysread $conexao, $lido, $falta, length $lido;
        desistir(estado()) unless defined $vieram;
        desistir(5) unless $vieram;
    }
    return $lido;
}

sub tentar {
    my $pedido = shift;
    unless ($conexao) {
        socket($conexao, $destino->{family}, SOCK_STREAM, 0) or desistir(1);
        connect($conexao, $destino->{addr}) or desistir(estado());
    }
    my $quadro = pack('n', length $pedido) . $pedido;
    defined syswrite($conexao, $quadro) or desistir(estado());
    return ler(unpack 'n', ler(2));
}

# Um alarme só para a tentativa inteira: o que resta do prazo.
sub com_alarme {
    my ($pedido, $fim) = @_;
    local $SIG{ALRM} = sub { desistir(4) };
    my $resta = $fim - time;
    desistir(4) if $resta <= 0;
    setitimer(ITIMER_REAL, $resta);
    my $resposta = tentar($pedido);
    setitimer(ITIMER_REAL, 0);
    return $resposta;
}

for my $pedido (@pedidos) {
    my $fim = time + 1;
    my $espera = 0.05;
    while (1) {
        my $resposta = eval { com_alarme($pedido, $fim) };
        my $porque = $@;
        setitimer(ITIMER_REAL, 0);
        if (defined $resposta) {
            print "$resposta\n";
            last;
        }
        my $estado = $porque =~ /^(\d)$/ ? $1 : 1;
        undef $conexao;
        my $pode = $estado == 3 || ($estado == 5 && $pedido =~ /^LER /);
        my $pausa = $espera / 2 + rand($espera / 2);
        exit $estado if !$pode || time + $pausa >= $fim;
        sleep $pausa;
        $espera *= 2;
    }
}
