"""The program beside this file, with the library that it sets the figures against."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from venv import create

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_the_figures_agree_with_scikit_learn(tmp_path: Path) -> None:
    """Installed into a folder of its own with all that it needs."""
    create(tmp_path / "venv", with_pip=True)
    python, beside = tmp_path / "venv" / "bin" / "python", tmp_path / "beside"
    install = [python, "-m", "pip", "-q", "install", "--target", beside, "scikit-learn"]
    subprocess.run(list(map(str, install)), check=True)
    paths = os.pathsep.join(map(str, (ROOT, beside)))
    program = str(Path(__file__).with_name("agree_with_sklearn.py"))
    call, env = [sys.executable, program], {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(call, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    sys.stdout.write(done.stdout)
