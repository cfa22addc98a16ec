"""Whoever opens a project while standing in its folder runs nothing that lies there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.texts import make_texts

MODULES = ("json", "numpy", "pickle", "struct", "types", "multiprocessing", "PIL", "select", "labeler", "orjson")
SCRIPT = """
import sys
from pathlib import Path
sys.path[0] = {packages!r}  # in the place of the script's own folder: as the installed command has it
import labeler.__main__ as started
def window(project, person):
    from labeler.errors import LabelerError
    from labeler.modalities.image.child import PictureChild
    from labeler.steps.executor import Processes
    print(list(Processes(1).map(abs, [-1])), PictureChild().decode(Path({picture!r}), 0, 60).width)
    return 0
started.open_window = window
sys.argv = ["labeler", "open", "."]
if __name__ == "__main__":
    started.main()
"""


def test_no_child_process_takes_a_module_from_the_folder_that_one_stands_in(tmp_path: Path) -> None:
    """Player and stretcher are started as the worker is."""
    from PIL import Image

    packages = str(Path(__file__).parents[2])
    project, script, picture = tmp_path / "texts", tmp_path / "bin" / "script.py", tmp_path / "p.png"
    make_texts(project, 2)
    Image.new("RGB", (30, 20)).save(picture)
    script.parent.mkdir()
    script.write_text(SCRIPT.format(packages=packages, picture=str(picture)), "utf-8")
    for name in MODULES:
        (project / f"{name}.py").write_text("open('owned', 'w').close()\n", "utf-8")
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONSAFEPATH")}
    done = subprocess.run(
        [sys.executable, str(script)], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[1] 30"
    assert not (project / "owned").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in the file system")
@pytest.mark.parametrize("name", ["project.toml", "rubric.toml", "labels.db"])
def test_a_file_of_a_project_that_never_ends_is_refused(tmp_path: Path, name: str) -> None:
    from labeler.errors import LabelerError
    from labeler.steps.opening import open_project

    make_texts(tmp_path / "texts", 2)
    for kind in ("pipe", "device", "folder", "long"):
        file = tmp_path / "texts" / name
        file.unlink() if not file.is_dir() else file.rmdir()
        if kind == "pipe":
            os.mkfifo(file)
        elif kind == "device":
            file.symlink_to("/dev/zero")
        elif kind == "folder":
            file.mkdir()
        else:
            file.write_bytes(b"# \n" * (6 << 20))
        with pytest.raises(LabelerError):
            open_project(tmp_path / "texts", read_only=True)
