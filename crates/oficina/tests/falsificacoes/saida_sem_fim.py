"""Escreve sem parar."""
import sys

while True:
    sys.stdout.write("passou " * 100 + "\n")
    sys.stderr.write("passou " * 100 + "\n")
