"""Penguins of the Palmer archipelago: a CSV file in this folder. Copy this for a file of your own."""

from pathlib import Path

from foursteps.data import Dataset, Sizes, Source
from foursteps.data.baseline import MEAN
from foursteps.data.tables import from_csv

PENGUINS = Source(
    name="penguins",
    title="Palmer penguins",
    comes_from="a file of this course, as the R package palmerpenguins has it",
    url="https://allisonhorst.github.io/palmerpenguins/",
    licence="CC0-1.0",
    citation=(
        "K. B. Gorman, T. D. Williams and W. R. Fraser, Ecological sexual dimorphism and environmental "
        "variability within a community of Antarctic penguins (genus Pygoscelis), PLoS ONE 9(3), 2014, "
        "e90081, doi:10.1371/journal.pone.0090081."
    ),
    sha256="b245491a9ef145ff7f1b25f8b74c17273e64553b60fcc8a0bc9baf785dcca9a1",
    load=from_csv(Path(__file__).with_name("penguins.csv"), target="body_mass_g"),
)

DATASETS = (
    Dataset(
        name="penguins",
        title="Penguins",
        about=(
            "342 grown penguins of three species, measured near Palmer Station, Antarctica, in 2007 to 2009: "
            "bill and flipper in millimetres, body mass in grams. Two birds without a body mass are left out."
        ),
        source=PENGUINS,
        task="regression",
        layout="table",
        target="body_mass_g",
        classes=(),
        shape=(7,),
        sizes=Sizes(train=160, valid=42, held_out=140),
        metric="rmse",
        baseline=MEAN,
    ),
)
