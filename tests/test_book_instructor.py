"""The instructor's edition: what only it shows."""

import json

import nbformat
import pytest
from tiny_course import ANSWERS, TOPIC, tiny_course, with_proofs

from foursteps.book import instructor
from foursteps.prove.proof import proof_file


@pytest.fixture(scope="module")
def topic(tmp_path_factory):
    return with_proofs(tiny_course(tmp_path_factory.mktemp("instructor") / "course")).topic(TOPIC)


def test_when_a_solution_is_a_page_then_it_has_the_answers_without_their_markers(topic):
    page = nbformat.reads(instructor.solution(topic.exercises["reproduce"], topic).decode(), 4)
    text = "\n".join(cell.source for cell in page.cells)
    assert ANSWERS["mean_image"].splitlines()[0] in text
    assert "BEGIN SOLUTION" not in text
    assert "END SOLUTION" not in text
    assert "Learners have another one" in page.cells[0].source


def test_when_the_grading_is_shown_then_every_check_and_every_known_answer_is_there(topic):
    proofs = json.loads(proof_file(topic).read_text("utf-8"))["exercises"]
    proofs["reproduce"]["table"].append(
        {
            "answer": "loops",
            "kind": "right",
            "says": "Loops | no arrays.",
            "runs": [
                {"seed": 101, "marks": {"accuracy": 4.5}},
                {"seed": 102, "marks": {"accuracy": 5.0}},
            ],
        }
    )
    text = instructor.grading(topic, proofs)
    assert "| `accuracy` | 5 | metric: accuracy |" in text
    assert r"| loops | right | Loops \| no arrays. | `accuracy` 4.5–5 |" in text
    assert "0 wrong accepted, 0 right refused, 0 mutants alive" in text


def test_when_there_is_no_proof_then_the_page_says_how_to_get_one(topic):
    assert f"Nothing yet: `foursteps prove {TOPIC} --only reproduce` does it." in instructor.grading(
        topic, {}
    )


def test_every_page_of_the_contents_is_made(topic):
    names = set(instructor.entries(topic))
    assert names == {"solution-reproduce", "solution-apply-elsewhere", "grading"}
