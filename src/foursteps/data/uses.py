"""What a course uses its datasets for, as its notebooks say in their metadata."""

# No run depends on this module: it only tells people.

from collections.abc import Iterator

from foursteps import notebook
from foursteps.course import Course, Topic


def uses(course: Course) -> dict[str, str]:
    """Where each dataset that a notebook of `course` names is used: "lecture 06, apply elsewhere"."""
    found: dict[str, list[str]] = {}
    for topic in (*course.topics, *course.drafts):
        for name, where in _of(topic):
            found.setdefault(name, []).append(where)
    return {name: "; ".join(dict.fromkeys(places)) for name, places in found.items()}


def _of(topic: Topic) -> Iterator[tuple[str, str]]:
    """(dataset, where) for each dataset of a topic; the reproduce exercise has the lecture's."""
    lecture = f"lecture {topic.name.split('_')[0]}"
    places = {
        topic.lecture: lecture,
        topic.exercises["apply_elsewhere"].source: f"{lecture}, apply elsewhere",
    }
    for path, where in places.items():
        if path.is_file():
            for name in notebook.read(path).metadata.get("foursteps", {}).get("data", []):
                yield name, where
