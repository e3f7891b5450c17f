"""Bytes that are not UTF-8, in the middle of an answer's comment.

Ends with: 10 of 10: the bytes are replaced.
The feedback says: The file has bytes that are not UTF-8
"""
# /// attempt
# says = "Bytes that are not UTF-8, in the middle of an answer's comment."
# kind = "wrong"
# ///

# /// attack
# feedback = "The file has bytes that are not UTF-8"
# ///
# %% folder
path = folder / "reproduce.ipynb"
path.write_bytes(
    path.read_bytes().replace(b"def distance", b"# \xff\xfe\ndef distance".replace(b"\n", b"\\n"))
)
