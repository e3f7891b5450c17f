"""Data cards and the table of licences, from the datasets themselves, so that they cannot drift."""

from foursteps.data.dataset import Dataset

LAYOUTS = {
    "folders": "`train/<label>/*.png`, `valid/<label>/*.png`, `held_out/*.png`",
    "labels_csv": "`images/*.png` with `labels.csv` (columns file, label, split), `held_out/*.png`",
    "table": "`train.csv`, `valid.csv`, `held_out.csv` (without the target)",
}


def card(dataset: Dataset) -> str:
    """The data card of one dataset, as Markdown, without a heading."""
    sizes = dataset.sizes
    unit = "columns" if dataset.layout == "table" else "pixels"
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
        f"| source | [{dataset.source.title}]({dataset.url}), from {dataset.source.comes_from} |",
        f"| licence | {dataset.licence} |",
        f"| cite | {dataset.citation} |",
        f"| SHA-256 | `{dataset.source.sha256}` |",
    ]
    return "\n".join(lines) + "\n"
