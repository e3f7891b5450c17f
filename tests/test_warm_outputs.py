"""A warm child gives what a real kernel gives: every cell of a corpus, run by both, output by output."""

import os
import re

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from foursteps.run.warm import WarmRunner

CORPUS = {
    "print": "print('hello'); print('no end', end='')",
    "both_streams": "import sys; print('out'); print('err', file=sys.stderr)",
    "value": "{'a': [1, 2, 3]}",
    "quiet_value": "1 + 1;",
    "none": "None",
    "html": "from IPython.display import HTML, Markdown, Image, display, clear_output\nHTML('<b>bold</b>')",
    "displays": "display(1, Markdown('*x*'), metadata={'a': 1}); 'last'",
    "raw_mime": "display({'application/json': {'a': [1, None]}, 'text/plain': 'x'}, raw=True)",
    "pandas_like": "class Rich:\n    def _repr_html_(self): return '<i>rich</i>'\nRich()",
    "broken_repr": "class Broken:\n    def __repr__(self): raise ValueError('no repr')\nBroken()",
    "exception": "def f(x):\n    return 1 / x\nf(0)",
    "custom_exception": "class Mine(Exception): pass\nprint('before')\nraise Mine('what', 3)",
    "chained": "try:\n    int('x')\nexcept ValueError as error:\n    raise KeyError('k') from error",
    "syntax_error": "x = (",
    "indentation_error": "if True:\nprint(1)",
    "name_error": "undefined_name",
    "assert_": "assert 1 == 2, 'not equal'",
    "sys_exit": "import sys; sys.exit(3)",
    "input_": "input('your name? ')",
    "getpass_": "import getpass; getpass.getpass()",
    "await_": "import asyncio\nawait asyncio.sleep(0.01)\nprint('slept')",
    "await_value": "async def g(): return 7\nawait g()",
    "await_error": "async def h(): raise OSError('async')\nawait h()",
    "task": "task = asyncio.create_task(g()); await task",
    "running_loop": "asyncio.get_running_loop().is_running()",
    "nested_run": "waits = g()\ntry: asyncio.run(waits)\nexcept RuntimeError as no: print(no); waits.close()",
    "magic": "%precision 3\n3.14159",
    "cell_magic": "%%capture kept\nprint('hidden')",
    "captured": "kept.stdout",
    "cell_magic_html": "%%html\n<p>page</p>",
    "writefile": "%%writefile note.txt\nsome text",
    "read_back": "open('note.txt').read()",
    "unknown_magic": "%no_such_magic",
    "shell": "!echo from the shell",
    "shell_capture": "lines = !echo captured\nlines",
    "bash": "%%bash\necho one; echo two >&2",
    "help": "len?",
    # The pauses are the real kernel's: a thread of its own reads the descriptors.
    "system_fd": "import os, time; os.system('echo by a subprocess'); time.sleep(0.3)",
    "fd_write": "_ = os.write(1, b'by a descriptor\\n'); time.sleep(0.3)",
    "subprocess_": "import subprocess; subprocess.run(['echo', 'inherited']); time.sleep(0.3)",
    "clear": "print('gone'); clear_output(); print('stays')",
    "clear_wait": "print('gone'); clear_output(wait=True); print('stays')",
    "clear_wait_nothing": "print('kept'); clear_output(wait=True)",
    "update": "handle = display('old', display_id='an-id'); handle.update('new')",
    "update_earlier": "handle.update('newest'); print('updated')",
    "carriage": "print('10%\\r20%\\r100%')",
    "backspace": "print('abc\\b\\bX')",
    # Refreshed at its beginning and its end only, however slow the machine is.
    "tqdm_": "from tqdm import tqdm\n"
    "for _ in tqdm(range(3), ascii=True, mininterval=60, bar_format='{l_bar}{bar}'): pass\n"
    "import time; time.sleep(0.3)",
    "tqdm_auto": "from tqdm.auto import tqdm as bar\nwith bar(total=2, disable=True) as b: b.update()",
    "fastprogress_": "from fastprogress import progress_bar\nfor _ in progress_bar(range(2)): pass",
    "warning": "import warnings; warnings.warn('careful')",
    "logging_": "import logging; logging.warning('logged')",
    "widget": "import ipywidgets; slider = ipywidgets.IntSlider(5); slider",
    "numpy_": "import numpy as np; np.arange(3)",
    "pandas_": "import pandas as pd; pd.DataFrame({'a': [1, 2]})",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3]); plt.show()",
    "figure_unshown": "plt.plot([3, 1]);",
    "figure_inline": "%matplotlib inline\nplt.hist([1, 2, 2]);",
    "figure_object": "fig, ax = plt.subplots(); fig",
    "history": "In[2], _ is None, __name__",
    "underscore": "41",
    "underscore_value": "_ + 1",
    "display_none": "display(None)",
    "unicode": "print('größer → 😀'); '\\ud800'",
    "big": "print('x' * 100_000)",
    "thread": "import threading\nt = threading.Thread(target=print, args=('a thread',)); t.start(); t.join()",
    "fork_": "pid = os.fork()\nif pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)[1]",
    "pool": "import multiprocessing as mp\nwith mp.get_context('fork').Pool(2) as p: r = p.map(abs, [-1])\nr",
    "timeit": "%timeit -n1 -r1 -q -o pass\n'timed'",
    "allowed": "raise ValueError('expected')",
    "last": "print('still here')",
}
ADDRESS = re.compile(r"0x[0-9a-f]+|<Figure size|/tmp/[\w./]+|[0-9a-f]{32}|ipykernel_\d+|\b\d{5,}\b")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def notebook():
    cells = [new_code_cell(source, id=name.strip("_")) for name, source in CORPUS.items()]
    return new_notebook(
        cells=cells,
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )


def seen(output):
    """What must be equal of an output: all of it but addresses, process numbers and the bytes of a PNG."""
    output = dict(output)
    if "data" in output:
        output["data"] = {
            mime: "picture" if mime == "image/png" else ADDRESS.sub("*", str(value))
            for mime, value in output["data"].items()
        }
    for key in ("text", "evalue"):
        if key in output:
            output[key] = ADDRESS.sub("*", output[key])
    if "traceback" in output:
        output["traceback"] = ADDRESS.sub("*", COLOUR.sub("", "\n".join(output["traceback"])))
    return output


NOT_TOLD = {"PYTEST_CURRENT_TEST", "TQDM_DISABLE"}
"""Variables that a child is not given, so the kernel that it is held against is not either."""


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The corpus as a real kernel ran it, and as a warm child did, by cell id."""
    cold = notebook()
    NotebookClient(
        cold,
        allow_errors=True,
        coalesce_streams=True,
        record_timing=False,
        resources={"metadata": {"path": str(tmp_path_factory.mktemp("cold"))}},
    ).execute(env={name: value for name, value in os.environ.items() if name not in NOT_TOLD})
    with WarmRunner(preload=("numpy", "matplotlib.pyplot"), stop_on_error=False) as runner:
        warm = runner.run(notebook(), cwd=tmp_path_factory.mktemp("warm"))
    assert warm.status == "error"
    return (
        {cell.id: cell for cell in cold.cells},
        {cell.id: cell for cell in warm.notebook.cells},
        (cold, warm),
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", [name.strip("_") for name in CORPUS])
def test_when_a_kernel_gives_an_output_then_a_warm_child_gives_the_same(both, name):
    cold, warm, _ = both
    assert [seen(output) for output in warm[name].outputs] == [seen(output) for output in cold[name].outputs]
    assert warm[name].execution_count == cold[name].execution_count


@pytest.mark.slow
def test_when_a_widget_is_shown_then_its_state_is_kept_in_the_notebook(both):
    *_, (cold, warm) = both
    kinds = [
        sorted(
            value["model_name"]
            for value in run.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
        )
        for run in (cold, warm.notebook)
    ]
    assert kinds[0] == kinds[1]
    assert "IntSliderModel" in kinds[1]
