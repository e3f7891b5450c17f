"""Notebooks and a warm runner for the tests of the walls and of the limits."""

from nbformat.v4 import new_code_cell, new_notebook

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def of(*sources, tags=()):
    """A notebook of code cells; `tags` go to every cell."""
    cells = [
        new_code_cell(source, id=f"cell-{number}", metadata={"tags": list(tags)})
        for number, source in enumerate(sources, start=1)
    ]
    return new_notebook(cells=cells, metadata=KERNEL)


def text(cell):
    """What a reader of the cell sees: its streams, the text of its values, the names of its errors."""
    said = []
    for output in cell.outputs:
        if output.output_type == "stream":
            said.append(output.text)
        elif output.output_type == "error":
            said.append(f"{output.ename}: {output.evalue}")
        else:
            said.append(output.data.get("text/plain", ""))
    return "".join(said)
