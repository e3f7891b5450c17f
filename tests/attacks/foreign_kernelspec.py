"""The notebook names a kernel of its own, which starts another program; its kernel.json lies beside it.

Ends with: 10 of 10. The kernel is the exercise's.
The feedback says: Right on every input.
"""
# /// attempt
# says = "The notebook names a kernel of its own, which starts another program; its kernel.json lies beside it."
# kind = "wrong"
# ///

# /// attack
# feedback = "Right on every input."
# ///
# %% notebook
notebook.metadata.kernelspec = {"name": "mine", "display_name": "Mine", "language": "bash"}
notebook.metadata.language_info = {"name": "bash"}
# %% folder
import json

for place in ("kernels/mine", "share/jupyter/kernels/mine", ".ipython/kernels/mine"):
    (folder / place).mkdir(parents=True)
    spec = {
        "argv": ["/bin/sh", "-c", f"touch {course.root}/started"],
        "display_name": "Mine",
        "language": "bash",
    }
    (folder / place / "kernel.json").write_text(json.dumps(spec))
