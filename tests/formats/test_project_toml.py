from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labeler.domain.project import FoldTexts, ProjectSettings
from labeler.errors import LabelerError
from labeler.formats.project import FILE_NAME, read_settings, write_settings

SETTINGS = ProjectSettings(
    name="Invoices",
    created="2026-03-01T12:00:00Z",
    seed=7,
    overlap=2,
    random_share=0.2,
    fold_texts=FoldTexts.ALWAYS,
    reveal_after=True,
    allowed_hosts=("media.example.org",),
)


def test_settings_come_back_as_they_were_written(tmp_path: Path) -> None:
    write_settings(tmp_path, SETTINGS)
    assert read_settings(tmp_path) == SETTINGS


def test_a_change_keeps_comments_order_and_keys_that_are_not_known(tmp_path: Path) -> None:
    write_settings(tmp_path, SETTINGS)
    path = tmp_path / FILE_NAME
    mine = path.read_text() + "\n# Ours: ask Bob before changing.\n[team]\nchannel = '#labels'\n"
    path.write_text(mine)
    write_settings(tmp_path, replace(SETTINGS, overlap=3))
    assert path.read_text() == mine.replace("overlap = 2", "overlap = 3")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("overlap = 0", "overlap cannot be 0"),
        ("overlap = true", "overlap cannot be True"),
        ("random_share = 0", "random_share cannot be 0"),
        ("random_share = 1.5", "random_share cannot be 1.5"),
        ('fold_texts = "maybe"', "fold_texts cannot be 'maybe'"),
        ('allowed_hosts = "x"', "allowed_hosts cannot be 'x'"),
        ("seed =", "project.toml"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_what_could(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / FILE_NAME).write_text(f'name = "x"\n{line if "seed" in line else "seed = 1"}\n{line}\n')
    with pytest.raises(LabelerError, match=said):
        read_settings(tmp_path)


def test_a_folder_without_settings_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(LabelerError, match="holds no project"):
        read_settings(tmp_path)
