"""What is read from a child is bounded and checked, whatever it sends; what it is sent stays inside."""

import json
import os

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook

from foursteps.errors import RunError
from foursteps.run.warm.files import collect, place, read
from foursteps.run.warm.outputs import Outputs, tidy
from foursteps.run.warm.protocol import HEAD, Frames, Malformed, TooMuch, pack

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
kinds = st.sampled_from(
    [
        "stream",
        "display_data",
        "execute_result",
        "update_display_data",
        "error",
        "clear_output",
        "comm_open",
        "x",
    ]
)


@given(st.lists(st.dictionaries(st.text(), st.text())), st.integers(1, 50))
def test_when_frames_arrive_in_pieces_then_the_messages_are_those_that_were_sent(contents, step):
    sent = [{**content, "t": "some"} for content in contents]
    data = b"".join(map(pack, sent))
    frames = Frames(10**6)
    got = [message for at in range(0, len(data), step) for message in frames.feed(data[at : at + step])]
    assert got == json.loads(json.dumps(sent).encode("utf-8", "replace"))


@given(st.binary(max_size=300), st.integers(0, 200))
def test_when_anything_at_all_arrives_then_it_is_a_message_or_refused_and_within_the_budget(data, budget):
    frames = Frames(budget)
    try:
        messages = list(frames.feed(data))
    except (Malformed, TooMuch):
        return
    assert all(isinstance(message["t"], str) for message in messages)
    assert 0 <= frames.left <= budget


def test_when_a_frame_announces_too_much_then_it_is_refused_before_it_arrives():
    with pytest.raises(TooMuch):
        list(Frames(1000).feed(HEAD.pack(1001)))


@pytest.mark.parametrize("body", [b"{", b"[]", b"3", b'{"t":3}', b"\xff\xff", b"[" * 5000, b"1" * 5000])
def test_when_a_frame_is_no_message_then_it_is_malformed(body):
    with pytest.raises(Malformed):
        list(Frames(10**6).feed(HEAD.pack(len(body)) + body))


def test_when_a_message_is_nested_too_deep_then_it_is_malformed():
    body = b'{"t":"display_data","data":' + b"[" * 200 + b"]" * 200 + b"}"
    with pytest.raises(Malformed, match="at most 100 deep"):
        list(Frames(10**6).feed(HEAD.pack(len(body)) + body))


def test_when_a_display_is_updated_then_only_so_many_outputs_change():
    cell, outputs = new_code_cell("1"), Outputs()
    outputs.begin(cell)
    for _ in range(60):
        outputs.take({"t": "display_data", "data": {"text/plain": "old"}, "id": "a"})
    outputs.take({"t": "update_display_data", "data": {"text/plain": "new"}, "id": "a"})
    assert [output.data["text/plain"] for output in cell.outputs] == ["old"] * 10 + ["new"] * 50


def test_when_a_message_has_half_a_surrogate_pair_then_it_can_still_be_written():
    (message,) = Frames(1000).feed(pack({"t": "stream", "text": "a\ud800b"}))
    assert message["text"].encode("utf-8") == b"a?b"


@given(
    st.lists(
        st.tuples(
            kinds,
            st.dictionaries(
                st.sampled_from(
                    [
                        "data",
                        "metadata",
                        "id",
                        "name",
                        "text",
                        "ename",
                        "evalue",
                        "traceback",
                        "wait",
                        "count",
                    ]
                ),
                json_values | st.dictionaries(st.text(), json_values, max_size=3),
            ),
        )
    )
)
def test_when_a_child_sends_any_messages_then_the_cell_is_valid_or_they_are_refused(messages):
    cell = new_code_cell("1")
    outputs = Outputs()
    outputs.begin(cell)
    for kind, content in messages:
        (message,) = Frames(10**6).feed(pack({**content, "t": kind}))
        try:
            outputs.take(message)
        except Malformed:
            continue
    outputs.end(1)
    nbformat.validate(new_notebook(cells=[cell]))


def test_when_streams_of_one_name_are_apart_then_they_become_one_and_stdout_comes_first():
    cell = new_code_cell("1")
    outputs = Outputs()
    outputs.begin(cell)
    for name, words in (("stderr", "e"), ("stdout", "10%\r"), ("stderr", "f"), ("stdout", "20%\n")):
        outputs.take({"t": "stream", "name": name, "text": words})
    outputs.end(3)
    assert [(output.name, output.text) for output in cell.outputs] == [("stdout", "20%\n"), ("stderr", "ef")]
    assert tidy(cell.outputs) == cell.outputs


@pytest.mark.parametrize("inside", ["../x", "/etc/passwd", "a/../../x", ""])
def test_when_a_path_leads_out_of_the_folder_then_it_is_refused(inside):
    with pytest.raises(ValueError, match="leads out of the folder"):
        place(inside)


def test_when_a_folder_is_collected_then_links_pipes_and_what_they_lead_to_are_left_out(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/file").write_text("x")
    (tmp_path / "in/link").symlink_to("/etc/passwd")
    (tmp_path / "etc").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    parcel = collect(tmp_path, 1000)
    assert parcel.files == (("in/file", 1),)
    assert parcel.left_out == ("etc (a link)", "pipe (a pipe)", "in/link (a link)")


def test_when_a_file_changes_after_it_was_measured_then_exactly_its_size_is_sent(tmp_path):
    (tmp_path / "file").write_text("12345")
    parcel = collect(tmp_path, 1000)
    (tmp_path / "file").write_text("123456789")
    assert read(parcel, "file", 5) == b"12345"
    (tmp_path / "file").unlink()
    (tmp_path / "file").symlink_to("/etc/passwd")
    assert read(parcel, "file", 5) == bytes(5)


def test_when_a_folder_is_too_large_then_the_message_says_how_large_it_may_be(tmp_path):
    (tmp_path / "a").write_bytes(bytes(2 * 2**20))
    with pytest.raises(RunError) as problem:
        collect(tmp_path, 2**20)
    assert str(problem.value) == (
        f"{tmp_path}: expected at most 1 MB in 5000 files; found more, up to a. "
        "Remove what the notebook does not need, or raise the limit."
    )


def test_when_there_is_no_folder_then_the_message_says_so(tmp_path):
    with pytest.raises(RunError, match="found no such folder"):
        collect(tmp_path / "none", 1)
