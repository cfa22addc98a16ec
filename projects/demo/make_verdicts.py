"""Make verdicts.jsonl again: `python projects/demo/make_verdicts.py`. The same files give the same bytes."""

from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile
from sys import stdout
from tempfile import TemporaryDirectory

from labeler.steps.simulate import make_verdicts

DEMO = Path(__file__).parent
FIRST_DAY = datetime(2026, 11, 17, 8, 0, tzinfo=UTC)

if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        made = make_verdicts(DEMO, Path(scratch) / "project", Path(scratch) / "verdicts.jsonl", start=FIRST_DAY)
        copyfile(Path(scratch) / "verdicts.jsonl", DEMO / "verdicts.jsonl")
    stdout.write(f"{made.verdicts} verdicts on {made.items} items, {made.settled} settled by consensus\n")
