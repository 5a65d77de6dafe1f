# aceitador
# Um processo por cliente.
use strict;
use warnings;
use IO::Socket::INET;

$SIG{CHLD} = 'IGNORE';
my $ouvinte = IO::Socket::INET->new(
    LocalAddr => $ARGV[0], Listen => 16, ReuseAddr => 1,
) or die "bind: $@";

while (1) {
    my $conexao = $ouvinte->accept or next;
    if (fork() == 0) {
        close $ouvinte;
        ecoar($conexao);
        exit 0;
    }
    close $conexao;
}

sub ecoar {
    my ($conexao) = @_;
    $SIG{PIPE} = 'IGNORE';
    while (sysread $conexao, my $bloco, 4096) {
        my $feito = 0;
        while ($feito < length $bloco) {
            my $n = syswrite $conexao, $bloco, length($bloco) - $feito, $feito;
            return unless defined $n;
            $feito += $n;
        }
    }
}
