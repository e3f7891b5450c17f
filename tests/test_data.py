"""Datasets: real rows from the real packages, split by seed; nothing held out gives itself away."""

import csv
import dataclasses
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from foursteps.course import Course
from foursteps.data import (
    DATASETS,
    Sizes,
    fashion,
    get,
    get_folder,
    held_out_baseline,
    held_out_inputs,
    held_out_labels,
    opened,
    prepare,
    split,
)
from foursteps.data.card import page
from foursteps.data.source import digest, load_breast_cancer, load_digits, rows_of
from foursteps.data.uses import uses
from foursteps.errors import DataError

ROOT = Path(__file__).parents[1]
UNREACHABLE = "http://127.0.0.1:9/"  # the discard port, where nothing listens


@pytest.fixture(scope="session")
def decoded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with MNIST decoded in it, since parsing it takes seconds."""
    folder = tmp_path_factory.mktemp("decoded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOURSTEPS_CACHE", str(folder))
        rows_of(DATASETS["mnist"].source)
    return folder


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, decoded: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own cache for each test, which has the decoded MNIST and no dataset."""
    folder = tmp_path / "cache"
    shutil.copytree(decoded, folder, copy_function=os.link)
    monkeypatch.setenv("FOURSTEPS_CACHE", str(folder))
    monkeypatch.delenv("FOURSTEPS_GRADING", raising=False)
    monkeypatch.delenv(fashion.ENVIRONMENT, raising=False)
    yield folder
    DATASETS.pop("own", None)


def labels_of(images: Path) -> list[str]:
    return [path.parent.name for path in sorted(images.rglob("*.png"))]


def python(code: str, **environment: str) -> subprocess.CompletedProcess:
    """Run code in another process, with this one's environment and more."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "TQDM_DISABLE": "1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


# The split.


@given(
    seed=st.integers(0, 2**63),
    counts=st.lists(st.integers(1, 40), min_size=1, max_size=6),
    shares=st.tuples(st.floats(0.05, 1), st.floats(0.05, 1), st.floats(0.05, 1)),
)
@settings(max_examples=100, deadline=None)
def test_a_split_has_the_sizes_asked_for_and_no_row_twice(seed, counts, shares):
    labels = np.repeat([f"class {number}" for number in range(len(counts))], counts)
    sizes = Sizes(*(max(1, int(len(labels) * share / 3)) for share in shares))
    if sum(sizes) > len(labels):
        with pytest.raises(DataError, match="expected enough rows"):
            split(labels, sizes, seed)
        return
    parts = split(labels, sizes, seed)
    drawn = np.concatenate([parts.train, parts.valid, parts.held_out])
    assert (len(parts.train), len(parts.valid), len(parts.held_out)) == sizes
    assert len(set(drawn.tolist())) == len(drawn)
    assert drawn.min() >= 0
    assert drawn.max() < len(labels)


@given(seed=st.integers(0, 2**63), counts=st.lists(st.integers(5, 40), min_size=2, max_size=6))
@settings(max_examples=100, deadline=None)
def test_every_part_has_the_classes_in_the_shares_of_the_whole(seed, counts):
    labels = np.repeat(np.arange(len(counts)), counts)
    sizes = Sizes(len(labels) // 2, len(labels) // 5, len(labels) // 5)
    parts = split(labels, sizes, seed)
    for rows, size in zip((parts.train, parts.valid, parts.held_out), sizes, strict=True):
        found = np.bincount(labels[rows], minlength=len(counts))
        wanted = np.array(counts) * size / len(labels)
        assert np.abs(found - wanted).max() <= 2


@given(seed=st.integers(0, 2**31))
@settings(max_examples=30, deadline=None)
def test_equal_classes_stay_equal_whatever_the_seed(seed):
    labels = np.repeat(list("0123456789"), 500)
    parts = split(labels, DATASETS["mnist"].sizes, seed)
    assert set(np.unique(labels[parts.train], return_counts=True)[1]) == {350}
    assert set(np.unique(labels[parts.valid], return_counts=True)[1]) == {50}
    assert set(np.unique(labels[parts.held_out], return_counts=True)[1]) == {100}


@pytest.mark.parametrize("seed", [1, 42, 2024])
def test_when_labels_are_few_then_each_digit_still_has_exactly_ten(seed):
    labels = np.repeat(list("0123456789"), 500)
    parts = split(labels, DATASETS["mnist_10"].sizes, seed)
    counts = [set(np.unique(labels[rows], return_counts=True)[1]) for rows in (parts.train, parts.valid)]
    assert counts == [{10}, {20}]
    assert sum(len(rows) for rows in (parts.train, parts.valid, parts.held_out)) == len(labels)


def test_the_same_seed_draws_the_same_split_and_another_seed_another():
    labels = np.repeat(["a", "b"], 50)
    first, again, other = (split(labels, Sizes(60, 20, 20), seed) for seed in (1, 1, 2))
    assert (first.held_out == again.held_out).all()
    assert set(first.held_out) != set(other.held_out)


def test_a_split_is_the_one_it_was_when_the_bands_were_measured():
    # NumPy may change its streams between versions; then every band has to be measured again.
    parts = split(np.repeat(["a", "b"], 50), Sizes(60, 20, 20), 42)
    assert parts.held_out[:8].tolist() == [53, 64, 8, 90, 41, 13, 65, 77]


def test_the_order_of_held_out_rows_says_nothing_about_their_classes():
    # Were the rows still in blocks with one of each class, no block would have a class twice.
    labels = np.repeat(list("0123456789"), 500)
    held_out = labels[split(labels, DATASETS["mnist"].sizes, 3).held_out].reshape(100, 10)
    assert np.mean([len(set(block)) for block in held_out]) < 8


@pytest.mark.parametrize("seed", [-1, 1.5, "42", None, True])
def test_a_seed_that_is_no_whole_number_from_0_is_refused(seed):
    with pytest.raises(DataError, match="expected a whole number, 0 or more; found"):
        split(np.repeat(["a", "b"], 50), Sizes(60, 20, 20), seed)


# The folders.


def test_mnist_is_a_folder_that_fastai_reads_by_its_convention():
    path = get("mnist_3_7")
    sizes = DATASETS["mnist_3_7"].sizes
    assert labels_of(path / "train").count("3") == labels_of(path / "train").count("7") == sizes.train // 2
    assert len(labels_of(path / "valid")) == sizes.valid
    assert len(held_out_inputs(path)) == sizes.held_out == len(held_out_labels("mnist_3_7"))
    assert Image.open(held_out_inputs(path)[0]).size == (28, 28)


def test_the_folders_hold_the_pixels_of_the_source_under_their_own_labels():
    rows = rows_of(DATASETS["mnist_3_7"].source)
    truth = {pixels.tobytes(): label for pixels, label in zip(rows.inputs, rows.labels, strict=True)}
    path = get("mnist_3_7", seed=5)
    for part in ("train", "valid"):
        for file in (path / part).rglob("*.png"):
            assert truth[np.asarray(Image.open(file)).tobytes()] == file.parent.name
    held_out = [truth[np.asarray(Image.open(file)).tobytes()] for file in held_out_inputs(path)]
    assert held_out == held_out_labels("mnist_3_7", seed=5).tolist()


def test_labels_csv_names_every_image_but_those_held_out():
    path = get("digits")
    sizes = DATASETS["digits"].sizes
    with open(path / "labels.csv", newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert list(table[0]) == ["file", "label", "split"]
    assert [row["split"] for row in table].count("train") == sizes.train
    assert [row["split"] for row in table].count("valid") == sizes.valid
    assert {row["file"] for row in table} == {file.name for file in (path / "images").iterdir()}
    assert len(held_out_inputs(path)) == sizes.held_out


def test_a_table_keeps_its_target_from_the_held_out_rows():
    path = get("breast_cancer")
    dataset = DATASETS["breast_cancer"]
    header = (path / "train.csv").read_text().splitlines()[0].split(",")
    held_out = held_out_inputs(path)
    assert header == [*held_out.columns, dataset.target]
    assert held_out.shape == (dataset.sizes.held_out, *dataset.shape)


def test_inputs_of_a_folder_that_is_none_name_the_mend(tmp_path):
    with pytest.raises(DataError, match=r"expected a dataset's folder.*Give the folder that"):
        held_out_inputs(tmp_path)


def test_a_second_call_makes_nothing_again():
    path = get("mnist_3_7")
    (path / "models").mkdir()
    assert get("mnist_3_7") == path
    assert (path / "models").is_dir()


@pytest.mark.parametrize("harm", ["missing", "cut short", "no list of files"])
def test_a_damaged_folder_is_made_again(harm):
    path = get("breast_cancer")
    file = path / "train.csv"
    whole = file.read_bytes()
    if harm == "missing":
        file.unlink()
    elif harm == "cut short":
        file.write_bytes(whole[:50])
    else:
        (path / ".whole.json").write_text("{")
    assert get("breast_cancer") == path
    assert file.read_bytes() == whole


def test_damaged_rows_in_the_cache_are_fetched_again(cache):
    source = dataclasses.replace(DATASETS["digits"].source, slow=True)
    rows_of(source)
    kept = next(cache.rglob("digits-*/inputs.npy"))
    whole = kept.read_bytes()
    for damaged in (whole[:-1] + bytes([whole[-1] ^ 1]), whole[:1000], b""):
        kept.write_bytes(damaged)
        assert digest(rows_of(source)) == source.sha256
        assert kept.read_bytes() == whole


@pytest.mark.parametrize(("name", "load"), [("digits", load_digits), ("breast_cancer", load_breast_cancer)])
def test_the_checksum_is_that_of_what_the_package_gives(name, load):
    assert digest(load()) == DATASETS[name].source.sha256


def test_another_size_layout_or_source_is_another_version():
    dataset = DATASETS["digits"]
    others = [
        dataclasses.replace(dataset, sizes=Sizes(900, 200, 697)),
        dataclasses.replace(dataset, layout="folders"),
        dataclasses.replace(dataset, source=dataclasses.replace(dataset.source, sha256="0")),
    ]
    assert len({dataset.version, *(other.version for other in others)}) == 4
    assert dataclasses.replace(dataset, about="Other words.").version == dataset.version


def test_a_source_that_changed_is_refused():
    source = dataclasses.replace(DATASETS["digits"].source, sha256="0" * 64)
    with pytest.raises(DataError, match=r"expected rows with SHA-256 0000.*constraints\.txt"):
        rows_of(source)


# Nothing held out gives itself away.


@pytest.mark.parametrize("name", ["mnist_3_7", "digits", "breast_cancer"])
def test_a_prepared_folder_holds_neither_a_held_out_label_nor_the_seed(name, tmp_path):
    folder, seed = tmp_path / "data" / name, 918273645
    labels, baseline = prepare(name, folder, seed)
    dataset = DATASETS[name]
    assert len(labels) == len(baseline) == dataset.sizes.held_out
    files = [file for file in folder.rglob("*") if file.is_file()]
    if dataset.layout == "table":
        assert sorted(file.name for file in files) == ["held_out.csv", "train.csv", "valid.csv"]
        assert not any(label in (folder / "held_out.csv").read_text() for label in dataset.classes)
    else:
        held_out = held_out_inputs(folder)
        assert [file.name for file in held_out] == [f"{number:04d}.png" for number in range(len(labels))]
        assert all(not Image.open(file).info for file in held_out)
        extra = set(files) - set(held_out) - set(folder.rglob("*.png"))
        assert {file.name for file in extra} == ({"labels.csv"} if dataset.layout == "labels_csv" else set())
    assert len({path.stat().st_mtime_ns for path in [folder, *folder.rglob("*")]}) == 1
    assert not any(str(seed).encode() in file.read_bytes() for file in files)


def test_two_seeds_prepare_folders_with_the_same_names(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    prepare("digits", first, 1)
    prepare("digits", second, 2)
    names = [sorted(file.relative_to(root) for file in root.rglob("*")) for root in (first, second)]
    assert names[0] == names[1]
    assert held_out_inputs(first)[0].read_bytes() != held_out_inputs(second)[0].read_bytes()


def test_a_prepared_folder_is_the_one_a_learner_gets(tmp_path):
    labels, baseline = prepare("digits", tmp_path / "digits", 7)
    ours, theirs = held_out_inputs(tmp_path / "digits"), held_out_inputs(get("digits", seed=7))
    assert [file.read_bytes() for file in ours] == [file.read_bytes() for file in theirs]
    assert labels.tolist() == held_out_labels("digits", seed=7).tolist()
    assert baseline.tolist() == held_out_baseline("digits", seed=7).tolist()


def test_while_grading_there_is_one_folder_and_nothing_to_ask(tmp_path, monkeypatch):
    prepare("digits", tmp_path / "data" / "digits", 7)
    monkeypatch.setenv("FOURSTEPS_GRADING", str(tmp_path))
    assert get("digits") == get("digits", seed=3) == tmp_path / "data" / "digits"
    assert opened()["digits"] == (tmp_path / "data" / "digits", 3)
    for ask in (held_out_labels, held_out_baseline):
        with pytest.raises(DataError, match="not here while grading"):
            ask("digits")
    with pytest.raises(DataError, match="not here while grading"):
        prepare("digits", tmp_path / "again", 7)
    with pytest.raises(DataError, match=r"one that is prepared for grading \(digits\); found 'mnist'"):
        get("mnist")


def test_opened_lists_datasets_by_their_last_opening():
    get("digits")
    get("breast_cancer")
    path = get("digits", seed=3)
    assert list(opened())[-2:] == ["breast_cancer", "digits"]
    assert opened()["digits"] == (path, 3)


# Baselines, cards and the page.


def test_baselines_predict_labels_and_beat_chance():
    for name, at_least in (("mnist_3_7", 0.93), ("digits", 0.85), ("breast_cancer", 0.85)):
        predicted, truth = held_out_baseline(name), held_out_labels(name)
        assert predicted.dtype.kind == "U"
        assert np.mean(predicted == truth) > at_least
        assert held_out_baseline(name).tolist() == predicted.tolist()  # from the cache


def test_a_card_says_where_the_data_come_from_and_what_may_be_done():
    for dataset in DATASETS.values():
        card = dataset.card()
        for said in (dataset.title, dataset.licence, dataset.citation, dataset.url, dataset.source.sha256):
            assert said in card
        assert all(f"{size:,}" in card for size in dataset.sizes)


def test_the_page_of_datasets_is_the_one_they_generate():
    written = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    used = uses(Course.load(ROOT))
    assert written == page(DATASETS.values(), used), "run: python -m foursteps.data > docs/data.md"


def test_importing_the_datasets_imports_no_library_that_is_slow():
    slow = ["torch", "fastai", "sklearn", "pandas", "PIL", "mlxtend", "matplotlib"]
    done = python(f"import sys, foursteps.data; print([name for name in {slow} if name in sys.modules])")
    assert done.stdout.strip() == "[]", done.stderr


# What goes wrong.


@pytest.mark.parametrize("ask", [get, held_out_labels])
def test_an_unknown_name_lists_the_known_ones(ask):
    with pytest.raises(DataError) as caught:
        ask("mnits")
    known = ", ".join(sorted(DATASETS))
    assert str(caught.value) == (
        f"dataset 'mnits': expected one of {known}; found 'mnits'. "
        "Use one of these names; for data of your own, foursteps.data.get_folder or get_table."
    )


def test_without_package_and_network_fashion_mnist_names_three_ways(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError) as caught:
        fashion.load(address=UNREACHABLE, installed=tmp_path)
    assert caught.value.expected == "the Debian package or the network"
    assert "the package: no apt-get here; the network: [Errno" in caught.value.found
    assert caught.value.mend == (
        "Any of three ways will do: 1. install the package: sudo apt-get install dataset-fashion-mnist; "
        "2. call again where there is a network; 3. copy the four .gz files from http://127.0.0.1:9/ to a "
        "folder, and set FOURSTEPS_FASHION_MNIST to it."
    )


@pytest.mark.skipif(not shutil.which("apt-get"), reason="no apt-get here")
def test_when_apt_cannot_reach_its_mirror_its_reason_is_told(tmp_path, monkeypatch):
    (tmp_path / "apt.conf").write_text(
        f'Dir::State::lists "{tmp_path}/none";\nDir::Cache "{tmp_path}/cache";\n'
    )
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
    with pytest.raises(DataError, match=r"apt-get download failed: .+; the network: "):
        fashion.load(address=UNREACHABLE, installed=tmp_path)


def test_a_fashion_file_that_is_cut_short_is_named(tmp_path, monkeypatch):
    for file in fashion.FILES:
        (tmp_path / file).write_bytes(b"\x1f\x8b\x08\x00 cut")
    monkeypatch.setenv(fashion.ENVIRONMENT, str(tmp_path))
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte\.gz: expected a whole gzipped IDX file"):
        fashion.load()


@pytest.mark.slow
def test_fashion_mnist_comes_by_one_of_its_ways():
    path = get("fashion_pullover_coat")
    dataset = DATASETS["fashion_pullover_coat"]
    assert len(held_out_inputs(path)) == dataset.sizes.held_out
    assert set(held_out_labels("fashion_pullover_coat")) == {"Pullover", "Coat"}


def test_a_full_disk_is_one_clear_error_and_leaves_nothing(cache):
    limited = (
        "import resource, foursteps.data as data\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"  # no file may grow longer
        "try: data.get('breast_cancer')\n"
        "except data.store.DataError as error: print(error)\n"
    )
    done = python(limited)
    assert f"breast_cancer{os.sep}" in done.stdout, done.stderr
    assert "expected a folder that can be written to, with room for the data" in done.stdout
    assert f"found {os.strerror(errno.EFBIG).lower()}" in done.stdout
    assert "set FOURSTEPS_CACHE to a folder elsewhere" in done.stdout
    assert list((cache / "data" / "breast_cancer").iterdir()) == []


def test_a_disk_that_fills_while_rows_are_decoded_is_the_same_error(cache):
    limited = (
        "import resource, dataclasses, foursteps.data as data\n"
        "source = dataclasses.replace(data.DATASETS['digits'].source, slow=True)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
        "try: data.store.rows_of(source)\n"
        "except data.store.DataError as error: print(error)\n"
    )
    done = python(limited)
    assert "expected a folder that can be written to, with room for the data" in done.stdout, done.stderr
    assert not list((cache / "data" / "sources").glob("*digits*"))


def test_a_cache_that_cannot_be_made_is_one_clear_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("FOURSTEPS_CACHE", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"found not a directory\. Make room, or set FOURSTEPS_CACHE"):
        get("digits")


def test_an_interrupted_preparation_leaves_nothing(cache):
    # Ctrl-C arrives once the first image stands there.
    interrupted = (
        "import os, signal, foursteps.data.layout as layout, foursteps.data as data\n"
        "write = layout._write_image\n"
        "def then_stop(path, item):\n"
        "    write(path, item)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "layout._write_image = then_stop\n"
        "data.get('digits')\n"
    )
    assert python(interrupted).returncode in (1, -signal.SIGINT, 130)
    assert list((cache / "data" / "digits").iterdir()) == []


def test_two_processes_that_ask_at_once_get_the_same_whole_folder(cache):
    ask = [sys.executable, "-c", "import foursteps.data as data; print(data.get('mnist_3_7'))"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TQDM_DISABLE": "1"}
    both = [subprocess.Popen(ask, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=60)[0].strip() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert told[0] == told[1]
    sizes = json.loads((Path(told[0]) / ".whole.json").read_text())
    assert len(sizes) == sum(DATASETS["mnist_3_7"].sizes)
    assert [path.name for path in (cache / "data" / "mnist_3_7").iterdir()] == [Path(told[0]).name]


# Images of one's own.


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Real digits as somebody might keep them: train and valid, JPEG, one of them turned by its EXIF."""
    rows = load_digits()
    for label in ("3", "7"):
        for number, pixels in enumerate(rows.inputs[rows.labels == label][:20]):
            file = tmp_path / "mine" / ("train" if number < 15 else "valid") / label / f"{label}-{number}.jpg"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).resize((300, 400)).save(file, comment=label.encode())
    return tmp_path / "mine"


def test_own_images_become_a_dataset_like_any_other(pictures):
    path = get_folder(pictures, source="UCI digits", licence="CC-BY-4.0")
    dataset = DATASETS["own"]
    assert dataset.classes == ("3", "7")
    assert dataset.sizes == Sizes(28, 4, 8)
    assert opened()["own"] == (path, 42)
    assert sorted(held_out_labels("own").tolist()) == ["3"] * 4 + ["7"] * 4
    assert np.mean(held_out_baseline("own") == held_out_labels("own")) > 0.5
    assert "CC-BY-4.0" in dataset.card()
    image = Image.open(held_out_inputs(path)[0])
    assert image.size == (192, 256)  # the longer side is brought to 256
    assert not image.info  # the comment, which had the label, is gone


def test_own_images_need_a_source_and_a_licence(pictures):
    with pytest.raises(DataError, match=r'expected the licence of the images.*licence="…"'):
        get_folder(pictures, source="mine", licence=" ")


def test_a_copy_of_an_own_image_is_left_out_and_never_on_both_sides(pictures):
    shutil.copy(pictures / "train" / "3" / "3-0.jpg", pictures / "valid" / "3" / "copy.jpg")
    get_folder(pictures, source="UCI digits", licence="CC-BY-4.0")
    assert sum(DATASETS["own"].sizes) == 40


def test_one_image_with_two_labels_is_refused(pictures):
    shutil.copy(pictures / "train" / "3" / "3-0.jpg", pictures / "valid" / "7" / "copy.jpg")
    with pytest.raises(DataError, match=r"copy\.jpg: expected one label for an image; .*found '3' and '7'"):
        get_folder(pictures, source="UCI digits", licence="CC-BY-4.0")


def test_a_file_that_is_no_image_is_named(pictures):
    (pictures / "train" / "3" / "broken.png").write_text("no image")
    with pytest.raises(DataError, match=r"broken\.png: expected an image that Pillow can read"):
        get_folder(pictures, source="UCI digits", licence="CC-BY-4.0")


def test_a_folder_without_classes_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"expected two classes or more.*found no images"):
        get_folder(tmp_path / "empty", source="mine", licence="CC0-1.0")
    with pytest.raises(DataError, match="expected a folder of images; found no such folder"):
        get_folder(tmp_path / "nowhere", source="mine", licence="CC0-1.0")


def test_own_images_can_be_prepared_for_grading(pictures, tmp_path, monkeypatch):
    get_folder(pictures, source="UCI digits", licence="CC-BY-4.0")
    labels, _ = prepare("own", tmp_path / "grading" / "data" / "own", 11)
    assert len(labels) == DATASETS["own"].sizes.held_out
    monkeypatch.setenv("FOURSTEPS_GRADING", str(tmp_path / "grading"))
    path = get_folder("a folder that only the learner has", source="UCI digits", licence="CC-BY-4.0")
    assert path == tmp_path / "grading" / "data" / "own"
