"""Lê textos como endereços IP e diz o que cada um é.

python3 crates/cap02-enderecos-e-nomes/python/cap02-enderecos.py ::1 localhost
"""

import ipaddress
import sys

TEXTOS = [
    "127.0.0.1",
    "10.0.0.2",
    "169.254.7.7",
    "203.0.113.5",
    "0.0.0.0",
    "::1",
    "fd00::2",
    "fe80::1",
    "2001:db8:0:0::5",
    "::",
    "::ffff:127.0.0.1",
    "127.1",
    "256.1.1.1",
    "localhost",
]
# is_private, em Python, diz sim a mais do que estas (ao loopback, por exemplo).
PRIVADOS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")


def main() -> None:
    for texto in sys.argv[1:] or TEXTOS:
        print(f"{texto:<17}{descrever(texto)}")


# ANCHOR: descrever
def descrever(texto: str) -> str:
    """A família e o alcance; e a forma curta, se o texto não a usa."""
    try:
        ip = ipaddress.ip_address(texto)
    except ValueError:
        return "não é um endereço"
    lido = f"IPv{ip.version} {alcance(ip)}"
    mapeado = ip.version == 6 and ip.ipv4_mapped
    curto = f"::ffff:{mapeado}" if mapeado else str(ip)
    return lido if curto == texto else f"{lido}, {curto}"


# ANCHOR_END: descrever


# ANCHOR: alcance
def alcance(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """O que o começo do endereço diz sobre onde ele vale."""
    if ip.is_loopback:
        return "loopback"
    if ip.is_unspecified:
        return "qualquer"
    if any(ip in ipaddress.ip_network(rede) for rede in PRIVADOS):
        return "privado"
    if ip.is_link_local:
        return "no enlace"
    if ip.version == 6 and ip.ipv4_mapped:
        return "mapeado"
    return "outro"


# ANCHOR_END: alcance


if __name__ == "__main__":
    main()
