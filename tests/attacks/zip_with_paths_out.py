"""A zip file with paths that lead out of the folder, over the class's secret.

Ends with: 10 of 10 for the notebook in it; nothing was written elsewhere.
The feedback says: Right on every input.
"""
# /// attempt
# says = "A zip file with paths that lead out of the folder, over the class's secret."
# kind = "wrong"
# ///

# /// attack
# feedback = "Right on every input."
# ///
# %% folder
import shutil
import subprocess
import sys
import zipfile

notebook = (folder / "reproduce.ipynb").read_bytes()
shutil.rmtree(folder)
archive = course.root / "class" / "downloaded" / folder.name / "archive" / f"{student}.zip"
archive.parent.mkdir(parents=True)
with zipfile.ZipFile(archive, "w") as zipped:
    zipped.writestr(f"{student}_reproduce.ipynb", notebook)
    for up in range(1, 9):
        zipped.writestr("../" * up + "zipped-out.txt", "out")
    zipped.writestr(str(course.root / "zipped-out.txt"), "out")
words = [
    "--NbGraderApp.logfile=",
    f"--CourseDirectory.root={course.root}",
    "--ZipCollectApp.downloaded_directory=class/downloaded",
]
words += [
    r"--FileNameCollectorPlugin.named_regexp=.*(?P<student_id>zip_with_paths_out)_(?P<file_id>reproduce)\.ipynb"
]
done = subprocess.run(
    [sys.executable, "-m", "nbgrader", "zip_collect", folder.name, *words],
    cwd=course.root,
    capture_output=True,
    text=True,
)
shutil.rmtree(course.root / "class" / "downloaded")
assert not list(course.root.rglob("zipped-out.txt")) and not list(
    course.root.parent.glob("zipped-out.txt")
), done.stderr
assert "was left out" in done.stderr
assert (folder / "reproduce.ipynb").is_file(), done.stderr
