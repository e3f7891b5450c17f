"""The report: every finding in each form, nothing of a notebook taken for markup."""

import json
import shutil
import xml.etree.ElementTree as ET

import pytest

from foursteps.claims import ledger
from foursteps.errors import FourstepsError
from foursteps.reproduce import Finding
from foursteps.reproduce.page import strip
from foursteps.reproduce.report import dumps, html, markdown, summary, write
from foursteps.run.provenance import Provenance

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
STAMP = Provenance(
    notebook="0" * 64,
    parameters={},
    python="3.12.0",
    versions={"numpy": "2.0"},
    packages="1" * 64,
    device_class="cpu",
    device="a processor",
    seconds=12.0,
    peak_mb=500.0,
    date="2026-01-01T00:00:00+00:00",
)
RECORD = ledger.measured(
    "lecture.accuracy",
    {1: 0.96, 2: 0.97, 3: 0.955, 4: 0.965, 5: 0.95},
    [0.1],
    STAMP,
    kind="share",
    rows=1000,
    higher_is_better=True,
)


def found(verdict, **more):
    settings = {
        "message": "A message.",
        "values": {42: 0.5, 1001: 0.51},
        "baseline": 0.1,
        "provenance": STAMP,
    }
    settings |= {"band": RECORD.band("cpu"), "band_device": "cpu", "measured": RECORD.bands["cpu"]}
    return Finding(
        "01_noise",
        "lecture",
        "l.ipynb",
        "lecture.accuracy",
        verdict,
        "cpu",
        **{**settings, **more},
    )


BROKEN = Finding(
    "01_noise", "reproduce", "r.ipynb", "", "error", "cpu", "It <raised>.", traceback="1 < 2 | 3"
)


def test_json_holds_all_that_is_known_of_each_finding():
    report = json.loads(dumps([found("fail", diff="-a\n+b"), BROKEN]))
    assert report["exit_code"] == 1
    first, second = report["findings"]
    assert first["values"] == {"42": 0.5, "1001": 0.51}
    assert first["recorded"]["3"] == 0.955
    assert first["limits"]["alarm"] < 0.95
    assert first["provenance"]["device"] == "a processor"
    assert (second["verdict"], second["band"], second["traceback"]) == ("error", None, "1 < 2 | 3")


def test_markdown_has_a_row_for_each_and_words_for_what_is_not_good():
    text = markdown([found("pass", message="Not said."), found("fail", diff="-a"), BROKEN])
    assert len([line for line in text.splitlines() if line.startswith("| ✓") or line.startswith("| ✗")]) == 2
    assert "| ✗ fail | 01_noise | lecture: lecture.accuracy | 0.500, 0.510 | 0.9" in text
    assert "| 0.100 | cpu | 12 | 500 |" in text
    assert "On a processor (cpu), Python 3.12.0, numpy 2.0." in text
    assert "Not said." not in text
    assert "**01_noise, fail.** A message." in text
    assert "<summary>Differences</summary>" in text
    assert summary([found("pass"), BROKEN]) == "1 pass, 1 error."


def test_html_stands_alone_and_takes_no_notebook_text_for_markup():
    page = html([found("fail", diff="<script>alert(1)</script>"), BROKEN])
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "It &lt;raised&gt;." in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert page.count('href="') == page.count('href="#f') == 2


def test_html_says_the_exit_code_the_machine_the_cost_and_what_differs():
    page = html([found("fail", diff="## modified /cells/1\n-  epochs = 8\n+  epochs = 0")])
    assert "1 fail. Exit code 1: a claim is out of its band, or a notebook failed." in page
    assert "12.0 s, 500 MB at most" in page
    assert "a processor (cpu), Python 3.12.0, numpy 2.0" in page
    assert '<span class="less">-  epochs = 8</span>' in page
    assert "Exit code 3" in html([found("not-comparable")])
    assert "Nothing was checked" in html([])


def test_the_strip_shows_each_seed_the_band_the_baseline_and_this_run():
    picture = ET.fromstring(strip(found("fail")))
    names = [element.tag.rsplit("}")[-1] for element in picture.iter()]
    assert names.count("circle") == 5
    dashed = [element for element in picture.iter() if element.get("stroke-dasharray")]
    assert len(dashed) == 1
    triangles = [element for element in picture.iter() if (element.get("d") or "").endswith("h12z")]
    assert len(triangles) == 2
    dots = [float(element.get("cx")) for element in picture.iter() if element.tag.endswith("circle")]
    assert all(float(triangle.get("d")[1:].split()[0]) < min(dots) for triangle in triangles)
    words = picture.get("aria-label")
    assert "Lecture.accuracy over 5 seeds lies between 0.950 and 0.970" in words
    assert "the baseline is 0.100; this run gave 0.500, 0.510." in words
    assert strip(BROKEN) == ""


@pytest.mark.parametrize("ending", ["html", "json", "md"])
def test_the_ending_says_the_form(tmp_path, ending):
    write([found("pass")], tmp_path / f"report.{ending}")
    start = {"html": "<!doctype html>", "json": "{", "md": "## "}[ending]
    assert (tmp_path / f"report.{ending}").read_text().startswith(start)


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(FourstepsError, match=r"ends in .html, .json, .md; found .pdf"):
        write([], tmp_path / "report.pdf")


@pytest.mark.slow
@pytest.mark.parametrize("width", [1200, 390])
def test_in_a_browser_the_report_shows_each_claim_and_needs_no_scrolling_sideways(tmp_path, width):
    sync_api = pytest.importorskip("playwright.sync_api", reason="`make` installs Playwright")
    if CHROMIUM is None:
        pytest.skip("no chromium here")
    long = "/a/course/far/down/" + "folder_" * 20 + "lecture.ipynb, lecture.accuracy: expected more."
    findings = [found("pass"), found("fail", message=long, diff="-" + "x" * 300), BROKEN]
    write(findings, tmp_path / "report.html")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": width, "height": 800})
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "report.html").as_uri())
        assert page.locator("section svg[role=img]").count() == 2
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("link", name="lecture: lecture.accuracy").nth(1).click()
        assert page.locator("#f2").is_visible()
        assert [url.split("#")[0] for url in asked] == [(tmp_path / "report.html").as_uri()]
        browser.close()
