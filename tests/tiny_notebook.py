"""A notebook from lines of code, for tests."""

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def tiny_notebook(
    *sources: str, parameters: str = "", kernel: str = "python3", data: tuple[str, ...] = ()
) -> NotebookNode:
    """A notebook of code cells `cell-1`, `cell-2`...; `parameters` become a first cell of that tag."""
    cells = [new_markdown_cell("# A notebook", id="title")]
    if parameters:
        cells.append(new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}))
    cells += [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources, 1)]
    metadata = {"kernelspec": {**KERNEL, "name": kernel}}
    if data:
        metadata["foursteps"] = {"data": list(data)}
    return new_notebook(cells=cells, metadata=metadata)


def outputs(notebook: NotebookNode, cell_id: str) -> list:
    """The outputs of the cell `cell_id`."""
    return next(cell.outputs for cell in notebook.cells if cell.id == cell_id)
