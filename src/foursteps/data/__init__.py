"""Named real datasets: a folder to train on, split by seed, with source, licence and an honest baseline.

from foursteps.data import get
path = get("mnist")          # a local folder; fastai's ImageDataLoaders.from_folder reads it
"""

from foursteps.data.catalog import DATASETS
from foursteps.data.dataset import Baseline, Dataset, HeldOut, Source
from foursteps.data.layout import held_out_inputs
from foursteps.data.own import get_folder, get_table
from foursteps.data.split import Sizes, Split, split
from foursteps.data.store import get, held_out_baseline, held_out_labels, opened, prepare

__all__ = [
    "DATASETS",
    "Baseline",
    "Dataset",
    "HeldOut",
    "Sizes",
    "Source",
    "Split",
    "get",
    "get_folder",
    "get_table",
    "held_out_baseline",
    "held_out_inputs",
    "held_out_labels",
    "opened",
    "prepare",
    "split",
]
