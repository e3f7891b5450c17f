"""The book, built by Jupyter Book from a lecture that a kernel ran, and opened in a real browser."""

import re
import shutil
from pathlib import Path

import pytest
from book_course import MADE, SECRET, TOPIC, executed, lecture, write_course

from foursteps import notebook as nb
from foursteps.book import build, leaks, site
from foursteps.book.pdf import print_book
from foursteps.book.press import Press
from foursteps.errors import BookError
from foursteps.reproduce.printed import with_piece

pytestmark = pytest.mark.slow

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = write_course(tmp_path_factory.mktemp("course"), piece=True)
    own = Path(__file__).parents[1] / "book"
    shutil.copytree(own / "guides", course.root / "book" / "guides")
    for name in ("index.md", "references.bib"):
        shutil.copy(own / name, course.root / "book" / name)
    return course


@pytest.fixture(scope="module")
def run(course):
    return executed(with_piece(course.topic(TOPIC)))


@pytest.fixture(scope="module")
def built(course, run):
    """The course and the report of its first build. Later tests build it again, never elsewhere."""
    return course, build(course, {TOPIC: run}, provenance={TOPIC: MADE})


def pages(report):
    return [page for page in sorted(report.html.rglob("*.html")) if "_static" not in page.parts]


@pytest.fixture(scope="module")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api", reason="`make` installs Playwright")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: `make system` installs one")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def faults(page, path):
    """What goes wrong on a page while it is opened: on the console, on the way to a file, on the screen."""
    wrong = []
    page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url}"))
    page.on("request", lambda request: request.url.startswith("http") and wrong.append(request.url))
    page.goto(path.as_uri())
    broken = "[...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.src)"
    wrong += page.evaluate(broken)
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.close()
    return wrong + ([f"{over} pixels too wide"] if over > 0 else [])


@pytest.mark.parametrize("width", WIDTHS)
def test_when_every_page_is_opened_then_nothing_fails_and_nothing_is_wider_than_the_screen(
    built, chromium, width
):
    wide, high = WIDTHS[width]
    context = chromium.new_context(viewport={"width": wide, "height": high})
    wrong = [(path.name, fault) for path in pages(built[1]) for fault in faults(context.new_page(), path)]
    context.close()
    assert len(pages(built[1])) >= 14
    assert wrong == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_when_every_page_is_looked_at_by_axe_then_it_finds_nothing_serious(built, chromium, theme):
    module = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="`make` installs axe-playwright-python"
    )
    axe = module.Axe()
    found = []
    for path in pages(built[1]):
        page = chromium.new_page(color_scheme=theme)
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")
        for fault in axe.run(page).response["violations"]:
            if fault["impact"] in ("serious", "critical"):
                found += [f"{path.name}: {fault['id']}: {node['html'][:160]}" for node in fault["nodes"]]
        page.close()
    assert found == []


def test_when_a_lecture_is_opened_then_its_figure_says_what_it_shows_and_its_formula_is_drawn(
    built, chromium
):
    page = chromium.new_page()
    page.goto((built[1].html / "topics/01-lines/lecture.html").as_uri())
    figure = page.get_by_alt_text("Eight points that rise on a straight line")
    assert figure.bounding_box()["width"] > 200
    assert page.locator("div.math math mfrac").bounding_box()["height"] > 10
    assert page.get_by_role("group", name="Result error").is_visible()
    assert page.locator("article summary").first.inner_text().strip() == "Does it still reproduce?"
    page.close()


def test_when_a_cell_shows_a_table_in_markdown_then_the_page_has_a_table_with_its_formula(built, chromium):
    page = chromium.new_page()
    page.goto((built[1].html / "topics/01-lines/lecture.html").as_uri())
    table = page.locator("div.cell_output table")
    assert table.get_by_role("columnheader").all_inner_texts() == ["slope", "error"]
    assert table.locator("td math").bounding_box()["width"] > 10
    page.close()


def test_when_the_slider_of_a_lecture_is_moved_then_the_sentence_says_what_its_run_gave(built, chromium):
    page = chromium.new_page()
    page.goto((built[1].html / "topics/01-lines/lecture.html").as_uri())
    says = page.locator(".fs-says")
    assert says.inner_text() == "Slope 2.0 at 4: off by 1.0."
    page.get_by_label("slope", exact=True).press("ArrowRight")
    page.get_by_label("input", exact=True).press("End")
    assert says.inner_text() == "Slope 2.5 at 8: off by 3.0."
    headings = page.locator("article h2").all_inner_texts()
    assert [heading.rstrip("#") for heading in headings[:2]] == ["Try it: turn the line", "Look first"]
    page.close()


def test_when_a_question_is_clicked_then_its_answer_unfolds(built, chromium):
    page = chromium.new_page()
    page.goto((built[1].html / "topics/01-lines/recall.html").as_uri())
    answer = page.get_by_text("How much")
    assert not answer.is_visible()
    page.get_by_text("What does the slope").click()
    assert answer.is_visible()
    page.close()


def test_when_an_exercise_is_downloaded_then_it_is_the_released_one(built, chromium):
    page = chromium.new_page()
    page.goto((built[1].html / "topics/01-lines/reproduce.html").as_uri())
    link = page.get_by_role("link", name="Download the notebook").get_attribute("href")
    there = (built[1].html / "topics/01-lines" / link).resolve()
    assert there.read_bytes() == built[0].topic(TOPIC).exercises["reproduce"].released.read_bytes()
    page.close()


def test_when_a_press_is_left_unused_then_its_process_is_ended(tmp_path):
    with Press(tmp_path) as press:
        waiting = press._process
        assert waiting.poll() is None
    assert waiting.poll() is not None
    assert list(tmp_path.iterdir()) == []


def test_when_the_book_is_printed_then_one_pdf_holds_its_pages(built, chromium):
    printed = print_book(built[1])
    assert printed == built[1].html.parent / "book.pdf"
    data = printed.read_bytes()
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", data)) > 10


def test_when_the_site_is_searched_then_it_holds_no_secret_and_no_fault(built):
    course, report = built
    secret = (leaks.Secret(SECRET, "the solution"),)
    assert leaks.search(report.html, secret, leaks.PrivateFiles(course)) == ()
    assert site.faults(report.html) == ()


def test_when_one_lecture_is_edited_then_only_its_page_is_made_again(built, run):
    course, report = built
    others = {page: page.stat().st_mtime_ns for page in pages(report) if page.name == "author.html"}
    source = lecture()
    source.cells[-4].source = "## Look first\n\nLook twice: the points still lie on a line."
    nb.write(course.topic(TOPIC).lecture, source)
    again = build(course, {TOPIC: run}, provenance={TOPIC: MADE})
    assert again.changed == ("topics/01-lines/files/lecture.ipynb", "topics/01-lines/lecture.ipynb")
    assert "Look twice" in (again.html / "topics/01-lines/lecture.html").read_text("utf-8")
    assert {page: page.stat().st_mtime_ns for page in others} == others
    nothing = build(course, {TOPIC: run}, provenance={TOPIC: MADE})
    assert (nothing.changed, nothing.pages) == ((), again.pages)
    assert nothing.seconds < again.seconds


def test_when_a_page_has_a_warning_then_the_build_fails_each_time_and_names_it(built, run):
    course, _ = built
    guide = course.root / "book/guides/learner.md"
    text = guide.read_text("utf-8")
    guide.write_text(text + "\n[nowhere](nowhere.md)\n", "utf-8")
    for _ in range(2):
        with pytest.raises(BookError, match=r"guides/learner\.md:\d+.*nowhere\.md"):
            build(course, {TOPIC: run})
    guide.write_text(text, "utf-8")


def test_when_a_released_exercise_still_has_its_solution_then_it_does_not_reach_the_site(built, run):
    course, report = built
    released = course.topic(TOPIC).exercises["reproduce"].released
    good = released.read_bytes()
    notebook = nb.read(released)
    notebook.cells[3].source = f"def slope(inputs, targets):\n    {SECRET}"
    nb.write(released, notebook)
    with pytest.raises(BookError, match="expected a page without a solution, a key or a grader"):
        build(course, {TOPIC: run})
    released.write_bytes(good)
    assert leaks.search(report.html, [leaks.Secret(SECRET, "the solution")]) == ()
