"""Tenta ganhar poderes com um namespace de usuário novo, e desfazer o cerco."""
import ctypes
import sys

CLONE_NEWUSER, CLONE_NEWNS, MNT_DETACH = 0x10000000, 0x00020000, 2
libc = ctypes.CDLL(None, use_errno=True)
feitos = {
    "namespace": libc.unshare(CLONE_NEWUSER | CLONE_NEWNS),
    "desmontar": libc.umount2(sys.argv[1].encode(), MNT_DETACH),
    "montar": libc.mount(b"none", b"/dev/shm", b"tmpfs", 0, None),
    "rastrear": libc.ptrace(16, 1, None, None),
}
print({nome: "consegui" if valor == 0 else "negado" for nome, valor in feitos.items()}, flush=True)
