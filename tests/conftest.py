"""What every test relies on: no window on the developer's own screen, and no file in their own folders."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from labeler.domain.people import Person
    from labeler.steps.project import Project
    from tests.steps.judged_project import JudgedProject

# `.ci/on-display` sets it to xcb, for a display of its own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"  # nobody's own keys


@pytest.fixture(autouse=True, scope="session")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings, caches and documents go to a temporary home, not to that of the person who runs the tests.

    One for all tests of a process: a sound server that is started for some of them keeps its cookie there.
    """
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HOME", str(home))
        for variable, folder in (
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_DATA_HOME", ".local/share"),
            ("XDG_STATE_HOME", ".local/state"),
            ("XDG_CACHE_HOME", ".cache"),
            ("XDG_DOCUMENTS_DIR", "Documents"),
        ):
            (home / folder).mkdir(parents=True)
            environment.setenv(variable, str(home / folder))
        yield


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo project as `labeler demo` makes it, once for all tests. Copy it (`demo_folder`), never change it."""
    from labeler.steps.demo import make_demo

    folder = tmp_path_factory.mktemp("template") / "demo"
    make_demo(folder, "Ada Lead")
    return folder


@pytest.fixture
def demo_folder(demo_template: Path, tmp_path: Path) -> Path:
    """A copy of the demo project for one test: 120 items, one release, the simulated annotators' verdicts."""
    folder = tmp_path / "demo"
    shutil.copytree(demo_template, folder, copy_function=_link_media)
    return folder


@pytest.fixture
def demo(demo_folder: Path) -> Iterator[Project]:
    """The demo project, open. Its lead is `Ada Lead`."""
    from labeler.steps.opening import open_project

    with open_project(demo_folder) as project:
        yield project


@pytest.fixture
def texts(tmp_path: Path) -> Iterator[Project]:
    """A small project of texts, open: items t1 to t8, of which t1 to t6 flip; no verdicts; its lead is `Ada Lead`."""
    from labeler.domain.people import Role
    from labeler.domain.project import ProjectSettings
    from labeler.steps.bring.release import bring
    from labeler.steps.opening import create_project
    from tests.given_texts import given_files, text_item, text_output

    numbers = range(1, 9)
    slices = [{"topic": "money" if n % 2 else "time", "length": n} for n in numbers]
    files = given_files(
        tmp_path / "given",
        [text_item(f"t{n}", content=f"Text {n}", slices=slices[n - 1]) for n in numbers],
        [text_output(f"t{n}", "1", f"the sum is {n}0 pounds") for n in numbers],
        [text_output(f"t{n}", "2", f"the sum is {n if n <= 6 else f'{n}0'} pounds") for n in numbers],
    )
    settings = ProjectSettings("Texts", "2026-01-01T00:00:00Z", seed=7, random_share=0.5)
    with create_project(tmp_path / "texts", settings=settings) as project:
        lead = project.store.add_person("Ada Lead", Role.LEAD, at=datetime(2026, 1, 1, tzinfo=UTC))
        bring(project, files, lead)
        yield project


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[JudgedProject]:
    """Four pictures and two models, open; verdicts are given with `judged.judge`."""
    from tests.steps.judged_project import JudgedProject

    made = JudgedProject(tmp_path / "p", items=4)
    with made.project:
        yield made


@pytest.fixture
def lead(judged: JudgedProject) -> Person:
    """Ada, who leads `judged`."""
    from labeler.domain.people import Role

    return judged.project.store.add_person("Ada", Role.LEAD, at=judged.clock(), person_id="ada")


@pytest.fixture
def spoken(tmp_path: Path) -> Iterator[Project]:
    """A project whose outputs are recordings themselves, open; its lead is `Ada Lead`."""
    from tests.spoken import make_spoken

    project = make_spoken(tmp_path)
    yield project
    project.store.close()


@pytest.fixture
def painted(tmp_path: Path) -> Iterator[Project]:
    """A project whose outputs are pictures themselves, open; its lead is `Ada Lead`."""
    from tests.painted import make_painted

    with make_painted(tmp_path) as project:
        yield project


def _link_media(source: str, target: str) -> str:
    """Media are never changed by a test, so they need no copy."""
    if "/media/" in source.replace(os.sep, "/"):
        os.link(source, target)
        return target
    return shutil.copy2(source, target)


@pytest.fixture(scope="session")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A JPEG that is shown coarse first."""
    from tests.big_picture import save_big_picture

    return save_big_picture(tmp_path_factory.mktemp("big") / "big.jpg")
