"""nbgrader's exchange, for an instructor: released, collected and given back by nbgrader's own commands."""

import re
import subprocess
import sys

from foursteps.course import Course, Topic
from foursteps.errors import ClassError


def exchange(course: Course, step: str, topic: Topic, more: tuple[str, ...] = ()) -> str:
    """Run one of nbgrader's commands for `topic`; gives what it logged.

    step : release_assignment, collect or release_feedback.
    more : options for nbgrader, such as `--Exchange.root=DIR`.

    Raises ClassError with nbgrader's own reason where it refuses.
    """
    command = [sys.executable, "-m", "nbgrader", step, topic.name, *more]
    ran = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    if ran.returncode:
        errors = re.findall(r"(?:ERROR|CRITICAL)\]? \|? ?(.*)", ran.stderr) or ran.stderr.strip().split("\n")
        raise ClassError(
            f"nbgrader {step} {topic.name}",
            expected="an exchange that this class may use",
            found=errors[-1].strip().rstrip(".") or f"exit code {ran.returncode}",
            mend="Set it up as nbgrader's documentation says, or use uploads and zip files instead.",
        )
    return ran.stderr
