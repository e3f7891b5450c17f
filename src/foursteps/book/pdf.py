"""The book as a PDF: Jupyter Book puts all pages on one, and Chromium prints that."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from foursteps import atomic
from foursteps.book.build import BookReport
from foursteps.book.press import Press
from foursteps.errors import BookError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
SECONDS = 600


def print_book(report: BookReport) -> Path:
    """Print the book that `report` tells of into `book.pdf` beside its `html` folder; gives the file.

    Raises BookError where there is no Chromium, when a page has a warning, or when nothing was printed.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise BookError(
            "foursteps book --pdf",
            expected="Chromium or Chrome, which prints the pages",
            found="none on this machine",
            mend="Install one (on Debian and Ubuntu `make system` does), or print pages from any browser.",
        )
    folder = report.html.parent
    with Press(folder.parent) as press:
        press.print(folder / "src", "singlehtml")
    page, file = folder / "singlehtml" / "index.html", folder / "book.pdf"
    with tempfile.TemporaryDirectory(prefix="foursteps-") as scratch:
        printed = Path(scratch) / "book.pdf"
        run = subprocess.run(
            [
                browser,
                *FLAGS,
                f"--user-data-dir={scratch}/profile",
                "--no-pdf-header-footer",
                f"--print-to-pdf={printed}",
                page.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        if not printed.is_file() or not printed.read_bytes().startswith(b"%PDF"):
            last = (run.stderr.strip().splitlines() or ["nothing"])[-1]
            raise BookError(
                file, expected="a PDF", found=last, mend=f"Open {page} in a browser and print it."
            )
        atomic.write_bytes(file, printed.read_bytes())
    return file
