"""The command line: each command parses, calls one function, prints its result and sets the exit code.

A module a reader: `learner`, `author`, `new`, `grade`, `classroom`, `plain`, `reproduce`, `git`, `kernel`.
What they share is in `app` and `bar`.
"""

from foursteps.cli import author, classroom, git, grade, kernel, learner, new, reproduce
from foursteps.cli.app import app

__all__ = ["app", "author", "classroom", "git", "grade", "kernel", "learner", "new", "reproduce"]
