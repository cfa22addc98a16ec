"""What a lead looks at before a gold set's next version: its draft, what changed, what the gate says on it, the mix."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from labeler.domain.drift import Drift
from labeler.domain.items import Release
from labeler.domain.policy import Policy
from labeler.domain.publications import Publication
from labeler.domain.turned import Turned
from labeler.errors import LabelerError
from labeler.formats.attempts import FILE_NAME, read_attempts
from labeler.formats.gold import newest_version
from labeler.formats.gold_manifest import Manifest, read_manifest
from labeler.formats.publications import PUBLISHED, read_publications
from labeler.steps.drift import gold_drift, traffic_of
from labeler.steps.gate import GateRun, Ledger, run_gate
from labeler.steps.gate_counts import Version
from labeler.steps.insights import policy_of
from labeler.steps.project import Project, open_project
from labeler.steps.publish_gold import Published, build_gold
from labeler.steps.sign_off_gold import built_event
from labeler.steps.turn_gate import outputs_of, turned_attempts

GOLD_FOLDER = "gold"
"""Where the window keeps a project's gold sets, in the project's folder."""


@dataclass(frozen=True, slots=True)
class Desk:
    """`newest` is None before the first version; `draft` where nothing can be built, and `gate` where nothing was run.

    `built_by` is the id of who built the newest version; empty where the project does not know.
    """

    series: Path
    newest: Manifest | None
    publication: Publication | None
    built_by: str
    draft: Published | None
    gate: GateRun | None
    drift: Drift | None
    policy_from: str
    no_drift: str = ""
    """Why the sample of the traffic cannot be read; empty where there is none."""
    turned: tuple[Turned, ...] = ()
    """Past attempts at the gate on the newest version, judged on the draft as well."""
    missing: str = ""
    """Why there is no draft or no gate, in words."""


def read_desk(folder: Path, person: str, at: datetime) -> Desk:
    """Build the draft beside the project, run the gate on it as a look of `person`, and compare its mix.

    The draft has the digest that the version would have: the look counts when it is published.
    """
    with open_project(folder, read_only=True) as project:
        series = folder / GOLD_FOLDER / project.settings.name
        newest = newest_version(series)
        manifest = read_manifest(newest) if newest else None
        policy, words = policy_of(folder)
        publications = {one.digest: one for one in read_publications(series / PUBLISHED)}
        known = manifest and publications.get(manifest.digest)
        by = _built_by(project, manifest)
        try:
            with _draft_of(project, series) as draft:
                gate, missing = _gate(project, draft, policy, series, person, at)
                drift, no_drift = _drift(project, draft)
                turned = _turned(project, series, newest, draft, policy)
        except LabelerError as problem:
            return Desk(series, manifest, known or None, by, None, None, None, words, "", (), problem.what)
        return Desk(series, manifest, known or None, by, draft, gate, drift, words, no_drift, turned, missing)


@contextmanager
def _draft_of(project: Project, series: Path) -> Iterator[Published]:
    """The next version as it would be, in a folder of its own; the newest one where nothing changed."""
    with TemporaryDirectory(prefix="labeler-draft-") as scratch:
        beside = Path(scratch) / series.name
        beside.mkdir()
        if newest := newest_version(series):
            (beside / newest.name).symlink_to(newest.resolve(), target_is_directory=True)
        yield build_gold(project, Path(scratch), series.name)


def _gate(
    project: Project, draft: Published, policy: Policy, series: Path, person: str, at: datetime
) -> tuple[GateRun | None, str]:
    release = project.store.latest_release()
    if release is None:
        return None, "there is no release yet"
    with TemporaryDirectory(prefix="labeler-outputs-") as scratch:
        files = _outputs(project, release, Path(scratch))
        series.mkdir(parents=True, exist_ok=True)  # a look before the first version counts as well
        ledger = Ledger(series / FILE_NAME, at, preview=True, by=person, beside=series)
        try:
            return run_gate(draft.folder, files, policy, ledger), ""
        except LabelerError as problem:
            return None, problem.what


def _drift(project: Project, draft: Published) -> tuple[Drift | None, str]:
    traffic = traffic_of(project.folder)
    try:
        return (gold_drift(draft.folder, traffic, seed=project.settings.seed) if traffic else None), ""
    except LabelerError as problem:
        return None, problem.what


def _turned(
    project: Project, series: Path, newest: Path | None, draft: Published, policy: Policy
) -> tuple[Turned, ...]:
    if newest is None or not draft.new:
        return ()
    attempts = list(read_attempts(series / FILE_NAME))
    with outputs_of(project) as outputs:
        return turned_attempts(newest, draft.folder, attempts, outputs, policy)


def _outputs(project: Project, release: Release, scratch: Path) -> dict[Version, Path]:
    files: dict[Version, Path] = {"old": scratch / "old.jsonl", "new": scratch / "new.jsonl"}
    for version, path in files.items():
        models = [pair.old if version == "old" else pair.new for pair in release.pairs.values()]
        with path.open("wb") as file:
            file.writelines(line + b"\n" for line in project.store.output_lines(models))
    return files


def _built_by(project: Project, manifest: Manifest | None) -> str:
    found = manifest and built_event(project.store, manifest.digest)
    return found.author if found else ""
