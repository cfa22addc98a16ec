"""labeler backfill: the commands of three modules as one group"""

from __future__ import annotations

import typer

from labeler.cli import backfill_handle, backfill_prove, backfill_see

app = typer.Typer(
    add_completion=False,
    help="What the old model already decided: how much was wrong, what is done about it, and proof.",
    no_args_is_help=True,
)
for part in (backfill_see.app, backfill_handle.app, backfill_prove.app):
    app.add_typer(part)
