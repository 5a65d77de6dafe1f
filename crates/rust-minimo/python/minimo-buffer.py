"""O buffer, a fatia e o que sobra da leitura anterior.

python3 crates/rust-minimo/python/minimo-buffer.py
"""

import io


# ANCHOR: main
def main() -> None:
    entrada = io.BytesIO("olá, mundo!".encode())
    buffer = bytearray(8)
    while lidos := entrada.readinto(buffer):
        print(f"vieram {lidos}:")
        print(f"  esta leitura   [{buffer[:lidos].hex(' ')}]")
        print(f"  buffer inteiro [{buffer.hex(' ')}]")
# ANCHOR_END: main


if __name__ == "__main__":
    main()
