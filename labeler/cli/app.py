"""The command line: which commands there are, and what happens to errors.

A command's module is imported when it is called and not before, so that `labeler gate` in CI pays for nothing else.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from labeler import __version__, faults
from labeler.errors import Exit, LabelerError, unwritable

OpenWindow = Callable[[Path | None, str | None], int]
"""(project or None for the start screen, person) -> exit status, when the window is closed."""


@dataclass(frozen=True, slots=True)
class Lazy:
    """A command, or a group of commands: `app` of the module is a `typer.Typer`."""

    module: str
    help: str


COMMANDS: Mapping[str, Lazy] = {
    "open": Lazy("labeler.cli.open", "Open a project in the app, at the next item."),
    "demo": Lazy("labeler.cli.demo", "Make a copy of the demo project and open it in the app."),
    "new": Lazy("labeler.cli.new", "Make a project with its first release."),
    "import": Lazy("labeler.cli.bring", "Bring the next release, items, decisions or verdicts into a project."),
    "convert": Lazy("labeler.cli.convert", "Turn hOCR, Whisper JSON, CTM, TextGrid or CSV pairs into outputs files."),
    "compare": Lazy("labeler.cli.compare", "Show flips and differences of two outputs files; needs no project."),
    "status": Lazy("labeler.cli.status", "Show what is in a project and what is left to do."),
    "export": Lazy("labeler.cli.export", "Write every verdict and resolution as JSONL."),
    "assign": Lazy("labeler.cli.assign", "Say who judges what: reserve, ask for more, requeue, rounds, due dates."),
    "quality": Lazy("labeler.cli.quality", "Show what checks, agreement and times say of each person, with intervals."),
    "agreement": Lazy("labeler.cli.agreement", "Show how far people agree, on what they differ, and who stands out."),
    "settle": Lazy("labeler.cli.settle", "Settle what the verdicts are sure enough of, although somebody differs."),
    "people": Lazy("labeler.cli.people", "Show who is in a project, and give roles."),
    "rubric": Lazy("labeler.cli.rubric", "Show and change the failure codes and tiers; old verdicts stay readable."),
    "gold": Lazy("labeler.cli.gold", "Build, compare and verify gold sets."),
    "gate": Lazy("labeler.cli.gate", "Check a model version's outputs against a gold set, cell by cell."),
    "report": Lazy("labeler.cli.report", "Say what the verdicts mean, for the screen, programs and people."),
    "backfill": Lazy("labeler.cli.backfill", "Estimate, handle and prove what the old model already decided."),
    "replay": Lazy("labeler.cli.replay", "Ask a model about items of the past; writes an outputs file."),
    "check": Lazy("labeler.cli.check", "Check a project for damage: database, chain of events, media."),
    "backup": Lazy("labeler.cli.backup", "Write a checked copy of a project's store."),
    "restore": Lazy("labeler.cli.restore", "Put a backup in the place of a project's store."),
    "doctor": Lazy("labeler.cli.doctor", "Show what this machine has and lacks, and how to get it."),
}


HELP = ["-h", "--help"]
_DISKS_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM)


def _load(name: str) -> Any:
    commands: typer.Typer = import_module(COMMANDS[name].module).app
    commands.rich_markup_mode = None  # rich takes longer to import than most commands take
    command = typer.main.get_command(commands)
    command.name = name
    return command


class LazyGroup(TyperGroup):
    """Lists commands from COMMANDS, and imports the one that is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # the signature is Typer's
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  # the signature is Typer's
        """What the list in `--help` shows of a command."""
        lazy = COMMANDS.get(cmd_name)
        return None if lazy is None else TyperCommand(cmd_name, help=lazy.help)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        lazy = COMMANDS.get(args[0])
        if lazy is None:
            return super().resolve_command(ctx, args)
        return args[0], _load(args[0]), args[1:]


app = typer.Typer(
    cls=LazyGroup,
    help="Decide item by item whether a new model is better than the old one, and gate releases with the answers.",
    epilog="Exit status: 0 done, 1 the answer is no, 2 wrong input or call, 3 not enough evidence, "
    "4 the gold set is damaged, 70 a fault of the program.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": HELP},
)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.")] = False,
) -> None:
    """Without a command: the app, at its start screen."""
    if version:
        typer.echo(f"labeler {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise typer.Exit(context.obj(None, None))


def run(arguments: Sequence[str], open_window: OpenWindow) -> int:
    """Run one command and answer its exit status; errors are told on standard error."""
    if len(arguments) == 2 and arguments[0] in COMMANDS and arguments[1] in HELP:
        _show_help(arguments[0])
        return Exit.DONE
    try:
        typer.main.get_command(app).main(list(arguments), prog_name="labeler", obj=open_window)
    except LabelerError as error:
        return _tell(error)
    except OSError as problem:
        if problem.errno not in _DISKS_FAULTS:
            return _tell_fault(problem)
        return _tell(unwritable(problem.filename or "a file", problem, "cannot be used"))
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else Exit.DONE
    except Exception as fault:
        return _tell_fault(fault)
    return Exit.DONE


def _tell(error: LabelerError) -> int:
    typer.echo(f"labeler: {error}", err=True)
    return error.exit_status


def _show_help(name: str) -> None:
    """A command's help without parsing the call: Typer would import pydantic to read the one flag."""
    command = _load(name)
    root = typer.Context(typer.main.get_command(app), info_name="labeler", help_option_names=HELP)
    typer.echo(command.get_help(typer.Context(command, info_name=name, parent=root)))


def _tell_fault(fault: Exception) -> int:
    """A fault of the program is told with what to send to those who can mend it; it quotes nothing of a project."""
    faults.tell(fault)
    typer.echo("kept: everything that was saved\nto do: report the command with these lines", err=True)
    return Exit.FAULT
