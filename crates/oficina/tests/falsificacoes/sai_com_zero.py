"""Termina bem sem fazer nada: o status de saída não é um veredicto."""
import sys

sys.exit(0)
