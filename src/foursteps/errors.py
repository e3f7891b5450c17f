"""Every error that foursteps raises on purpose, and the one form that their messages take.

FourstepsError
├── CourseError      a course folder that breaks a rule
├── NotebookError    a file that is no usable notebook
├── DataError        a dataset that is unknown, out of reach or damaged
├── ParameterError   a parameter that a notebook does not declare
├── RunError         a notebook that could not be run, or not to its end
├── ClaimError       a claim or band that cannot be recorded, read or trusted
├── CheckError       a check that is unknown or defined wrongly
├── EvidenceError    evidence that is malformed, too large or not what a check asks for
├── GradeError       a class or a submission that cannot be graded
├── ClassError       a class's list, settings or uploads that cannot be used
├── WorkError        a learner's own copy or record that cannot be used
└── BookError        a book that cannot be built
"""

# No run depends on this module: it words what went wrong.


class FourstepsError(Exception):
    """An error a person can act on: where, what was expected, what was found, what to do next.

    Parameters
    ----------
    where : the file, cell, claim or command the error is about.
    expected : what should have been there, without a full stop.
    found : what was there, without a full stop.
    mend : one sentence that says what to do next.
    """

    exit_code = 1

    def __init__(self, where: object, *, expected: str, found: str, mend: str):
        self.where, self.expected, self.found, self.mend = str(where), expected, found, mend
        super().__init__(f"{where}: expected {expected}; found {found}. {mend}")

    def __reduce__(self):
        # The keyword-only arguments are lost by the default pickling, which worker processes use.
        return (
            _rebuild,
            (type(self), self.where, self.expected, self.found, self.mend),
        )


def _rebuild(kind, where, expected, found, mend):
    return kind(where, expected=expected, found=found, mend=mend)


class CourseError(FourstepsError):
    """A course folder breaks a rule of its layout."""


class NotebookError(FourstepsError):
    """A file is not a notebook that foursteps can use."""


class DataError(FourstepsError):
    """A dataset is unknown, out of reach or damaged."""


class ParameterError(FourstepsError):
    """A parameter was given that the notebook does not declare."""


class RunError(FourstepsError):
    """A notebook could not be run, or not to its end."""


class ClaimError(FourstepsError):
    """A claim or its band cannot be recorded, read or trusted."""


class CheckError(FourstepsError):
    """A check is unknown, or its definition is wrong."""


class EvidenceError(FourstepsError):
    """Evidence is malformed, too large, or not what the check asks for."""


class GradeError(FourstepsError):
    """A class or a submission cannot be graded."""


class ClassError(FourstepsError):
    """A class's list of learners, its settings or what was uploaded cannot be used."""


class WorkError(FourstepsError):
    """A learner's own copy, or the record of their progress, cannot be used."""


class BookError(FourstepsError):
    """The book cannot be built from what is there."""
