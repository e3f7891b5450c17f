"""`python -m foursteps.data` prints the page docs/data.md."""

from foursteps.data.card import page
from foursteps.data.catalog import DATASETS

if __name__ == "__main__":
    print(page(DATASETS.values()), end="")
