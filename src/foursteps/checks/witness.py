"""What a check does while its notebook is graded: emit the evidence, and nothing else."""

import json
from pathlib import Path
from typing import Any

from foursteps.checks.definition import Checks, Function
from foursteps.checks.evidence import MAX_BYTES, MIME, Evidence
from foursteps.checks.gather import gather


def testify(name: str, thing: Any, folder: Path) -> None:
    """Show the evidence that `thing` gives for the check `name`, once, as a bundle of our own MIME type.

    folder : what was prepared for grading, with checks.json and inputs.json.

    Raises CheckError when there is no such check.
    """
    from IPython.display import display

    from foursteps import data

    _, found = Checks.loads((folder / "checks.json").read_text("utf-8")).find(name)
    calls = []
    if isinstance(found, Function):
        calls = json.loads((folder / "inputs.json").read_text("utf-8"))[name]
    evidence = gather(found, thing, calls, data.opened(), data.held_out_inputs)
    bundle = evidence.dump()
    if (size := len(json.dumps(bundle))) > 2 * MAX_BYTES:
        reason = f"the results take {size / 2**20:.0f} MB; at most {2 * MAX_BYTES / 2**20:.0f} MB are read"
        bundle = Evidence(check=name, state="crashed", reason=reason).dump()
    display({MIME: bundle, "text/plain": f"evidence for {name}: {evidence.state}"}, raw=True)
