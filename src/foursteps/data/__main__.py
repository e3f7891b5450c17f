"""`python -m foursteps.data` prints docs/data.md: the kit's datasets and those of the course here."""

from foursteps.course import Course
from foursteps.data.brought import course_at_hand
from foursteps.data.card import page
from foursteps.data.catalog import DATASETS
from foursteps.data.uses import uses

if __name__ == "__main__":
    root = course_at_hand()
    print(page(DATASETS.values(), uses(Course.load(root)) if root else {}), end="")
