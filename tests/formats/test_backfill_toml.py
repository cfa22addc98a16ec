from __future__ import annotations

from pathlib import Path

import pytest

from labeler.errors import LabelerError
from labeler.formats.backfill_toml import TEMPLATE, default_policy, read_backfill_policy


def read(tmp_path: Path, text: str) -> object:
    path = tmp_path / "backfill.toml"
    path.write_text(text, encoding="utf-8")
    return read_backfill_policy(path)


def test_the_template_is_the_default_policy(tmp_path: Path) -> None:
    assert read(tmp_path, TEMPLATE) == default_policy()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[plan]\nmargni = 3", "margni is not known"),
        ("[plan]\nmargin = -3", "plan.margin: -3 is not a number above 0"),
        ("[plan]\nexpected_contested = 1.5", "not a share between 0 and 1"),
        ('[[rules]]\nname = "x"', "rule 1: disposition is missing"),
        (
            '[[rules]]\nname = "x"\ndisposition = "y"\nwhen = { status = "wrnog" }',
            "rule 1: status: 'wrnog' is not known",
        ),
        ('[[rules]]\nname = "x"\ndisposition = "y"\nwhen = { reversibel = true }', "reversibel is not a condition"),
        ("[reviewers]\ncaught = [5, 3]", "reviewers.caught"),
        ("[plan", "backfill.toml"),
    ],
)
def test_a_mistake_is_told_with_its_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(LabelerError) as refused:
        read(tmp_path, text)
    assert said in str(refused.value)
