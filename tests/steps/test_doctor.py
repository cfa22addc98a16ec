from __future__ import annotations

import sys
from pathlib import Path

import pytest

from labeler.steps.doctor import examine


def test_what_the_commands_need_is_here() -> None:
    """This suite could not run without it."""
    assert [finding.name for finding in examine({}) if finding.needed and not finding.good] == []


def test_what_is_missing_comes_with_how_to_get_it() -> None:
    assert all(finding.remedy for finding in examine({}) if not finding.good)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can lack a display")
def test_a_display_is_found_in_the_environment() -> None:
    def display(environ: dict[str, str]) -> bool:
        return next(finding.good for finding in examine(environ) if finding.name == "display")

    assert not display({})
    assert display({"DISPLAY": ":0"})
    assert display({"WAYLAND_DISPLAY": "wayland-0"})


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere PortAudio knows each output")
def test_programs_that_sound_needs_are_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def found() -> dict[str, bool]:
        return {finding.name: finding.good for finding in examine({})}

    monkeypatch.setenv("PATH", str(tmp_path))
    for program, name in (("pactl", "sound outputs"), ("ffmpeg", "M4A and others")):
        assert not found()[name]
        (tmp_path / program).touch(0o755)
        assert found()[name]
