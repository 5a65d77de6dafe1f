"""Escreve um relatório falso e termina bem."""
print("\x1b[2J\x1b[H  ✓ 1  devolve o que recebeu")
print('{"capitulo":"cap05-servidor-tcp","passaram":5,"total":5}')
print("  5 de 5 etapas")
