"""What a lead looks at before a gold set's next version: its draft or a version, changes, the gate on it, mix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from labeler.domain.gate.policy import Policy
from labeler.domain.gold.changes import walk
from labeler.domain.gold.drift import Drift
from labeler.domain.gold.turned import Turned
from labeler.domain.gold.words import Summary
from labeler.domain.items import ModelVersion, Release
from labeler.errors import LabelerError
from labeler.formats.gate.attempts import FILE_NAME, read_attempts
from labeler.formats.gold.about import FILE_NAME as ABOUT
from labeler.formats.gold.folder import check_whole, newest_version, read_records, versions_of
from labeler.formats.gold.manifest import read_manifest
from labeler.formats.gold.publications import PUBLISHED, read_publications
from labeler.scratch import scratch_folder
from labeler.steps.gate.counts import Version
from labeler.steps.gate.policy import POLICY_FILE, policy_of
from labeler.steps.gate.run import GateRun, Ledger, run_gate
from labeler.steps.gate.turn import outputs_of, turned_attempts
from labeler.steps.gold.build import LeftOuts, Published, build_gold
from labeler.steps.gold.diff import diff_gold
from labeler.steps.gold.drift import gold_drift, traffic_of
from labeler.steps.gold.sign_off import built_event
from labeler.steps.opening import open_project
from labeler.steps.project import Project

GOLD_FOLDER = "gold"
"""Where the window keeps a project's gold sets, in the project's folder."""


@dataclass(frozen=True, slots=True)
class OutputsPair:
    """Two models a modality whose outputs the project has, the older ones first."""

    old: tuple[ModelVersion, ...]
    new: tuple[ModelVersion, ...]

    @property
    def words(self) -> str:
        """Each model once: one reader of pictures, sound and text is one model."""
        return " → ".join(", ".join(dict.fromkeys(map(str, models))) for models in (self.old, self.new))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at: a version by its name, or the draft; by these outputs, or the newest release's."""

    version: str = ""
    outputs: OutputsPair | None = None


ReadAt = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class VersionAt:
    """A version that lies there. `published` says when a second person published it (RFC 3339); empty for none."""

    name: str
    digest: str
    published: str


@dataclass(frozen=True, slots=True)
class Desk:
    """`versions` come newest first. `subject` is what `asked` names, and what it changed against the version before;
    None where nothing can be built, and `gate` where nothing was run.

    `built_by` is the id of who built the newest version; empty where the project does not know.
    """

    series: Path
    versions: tuple[VersionAt, ...]
    at_hand: tuple[OutputsPair, ...]
    asked: Asked
    built_by: str
    policy_from: str
    subject: Published | None = None
    gate: GateRun | None = None
    drift: Drift | None = None
    no_drift: str = ""
    """Why the sample of the traffic cannot be read; empty where there is none."""
    turned: tuple[Turned, ...] = ()
    """Past attempts at the gate on the newest version, judged on the draft as well."""
    missing: str = ""
    """Why there is no subject or no gate, in words."""
    read_at: ReadAt = ()
    """What all of it was read from: the same again, the same desk."""

    @property
    def newest(self) -> VersionAt | None:
        return self.versions[0] if self.versions else None

    @property
    def draft(self) -> Published | None:
        """What would be the next version; None while a version is looked at."""
        return None if self.asked.version else self.subject


def read_desk(folder: Path, person: str, at: datetime, asked: Asked) -> Desk:
    """Take a version, or build the draft beside the project; run the gate on it as a look of `person`, and compare its
    mix.

    The draft has the digest that the version would have: the look counts when it is published.
    """
    with open_project(folder, read_only=True) as project:
        series, read = _series(project), read_at(project)
        versions = _versions(series)
        policy, words = policy_of(folder)
        at_hand = pairs_at_hand(project.store.releases())
        by = _built_by(project, versions[0].digest) if versions else ""
        desk = Desk(series, versions, at_hand, asked, by, words, read_at=read)
        outputs = asked.outputs if asked.outputs in at_hand else next(iter(at_hand), None)
        try:
            with _subject(project, series, asked.version) as subject:
                gate, missing = _gate(
                    project, subject, policy, outputs, Ledger(series / FILE_NAME, at, preview=True, by=person)
                )
                drift, no_drift = _drift(project, subject)
                turned = () if asked.version else _turned(project, series, subject, policy)
        except LabelerError as problem:
            return replace(desk, missing=problem.what[:1].upper() + problem.what[1:])
        found = replace(desk, subject=subject, gate=gate, drift=drift, no_drift=no_drift)
        return replace(found, turned=turned, missing=missing)


def _series(project: Project) -> Path:
    return project.folder / GOLD_FOLDER / project.settings.name


def read_at(project: Project) -> ReadAt:
    """What a desk would be read from now. Looks are not in it: each reading adds one."""
    series = _series(project)
    files = [project.folder / POLICY_FILE, *(series / name for name in (FILE_NAME, PUBLISHED)), *versions_of(series)]
    if traffic := traffic_of(project.folder):
        files.append(traffic)
    stats = [(str(path), path.stat()) for path in files if path.exists()]
    return project.store.last_position(), *((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def pairs_at_hand(releases: Sequence[Release]) -> tuple[OutputsPair, ...]:
    """The newest release's pair first, then every other two of all models, an older one against a newer one."""
    sets: dict[tuple[ModelVersion, ...], None] = {}
    for release in releases:
        for side in ("old", "new"):
            sets.setdefault(tuple(getattr(pair, side) for _, pair in sorted(release.pairs.items())))
    held = list(sets)
    pairs = [OutputsPair(old, new) for at, new in reversed(list(enumerate(held))) for old in reversed(held[:at])]
    if releases:
        pairs.sort(key=lambda pair: pair != _pair_of(releases[-1]))
    return tuple(pairs)


def _pair_of(release: Release) -> OutputsPair:
    pairs = [pair for _, pair in sorted(release.pairs.items())]
    return OutputsPair(tuple(pair.old for pair in pairs), tuple(pair.new for pair in pairs))


def _versions(series: Path) -> tuple[VersionAt, ...]:
    publications = {one.digest: one.at for one in read_publications(series / PUBLISHED)}
    manifests = [read_manifest(folder) for folder in reversed(versions_of(series))]
    return tuple(VersionAt(one.version, one.digest, publications.get(one.digest, "")) for one in manifests)


@contextmanager
def _subject(project: Project, series: Path, version: str) -> Iterator[Published]:
    if not version:
        with _draft_of(project, series) as draft:
            yield draft
        return
    folder = series / version
    before = max((one for one in versions_of(series) if one.name < version), default=None)
    if before is not None:
        found = diff_gold(before, folder)
        yield Published(folder, found.after, False, found.summary, LeftOuts())
        return
    summary = Summary()
    for step in walk((), read_records(folder)):
        summary.add(step)
    yield Published(folder, check_whole(folder, media=False), False, summary, LeftOuts())


@contextmanager
def _draft_of(project: Project, series: Path) -> Iterator[Published]:
    """The next version as it would be, in a folder of its own; the newest one where nothing changed."""
    with scratch_folder() as scratch:
        beside = scratch / series.name
        beside.mkdir()
        if newest := newest_version(series):
            (beside / newest.name).symlink_to(newest.resolve(), target_is_directory=True)
        if (about := series / ABOUT).exists():
            (beside / ABOUT).symlink_to(about.resolve())  # the draft has the digest that the version will have
        yield build_gold(project, scratch, series.name)


def _gate(
    project: Project, subject: Published, policy: Policy, outputs: OutputsPair | None, ledger: Ledger
) -> tuple[GateRun | None, str]:
    if outputs is None:
        return None, "there is no release yet"
    series = ledger.path.parent
    with scratch_folder() as scratch:
        files = _outputs(project, outputs, scratch)
        series.mkdir(parents=True, exist_ok=True)  # a look before the first version counts as well
        try:
            return run_gate(subject.folder, files, policy, replace(ledger, beside=series)), ""
        except LabelerError as problem:
            what = problem.what
            for version, path in files.items():  # where they lay for the moment says nothing to people
                what = what.replace(str(path), f"the outputs of the {version} models")
            return None, what


def _drift(project: Project, draft: Published) -> tuple[Drift | None, str]:
    traffic = traffic_of(project.folder)
    try:
        return (gold_drift(draft.folder, traffic, seed=project.settings.seed) if traffic else None), ""
    except LabelerError as problem:
        return None, problem.what


def _turned(project: Project, series: Path, draft: Published, policy: Policy) -> tuple[Turned, ...]:
    newest = newest_version(series)
    if newest is None or not draft.new:
        return ()
    attempts = list(read_attempts(series / FILE_NAME))
    with outputs_of(project) as outputs:
        return turned_attempts(newest, draft.folder, attempts, outputs, policy)


def _outputs(project: Project, pair: OutputsPair, scratch: Path) -> dict[Version, Path]:
    sides: dict[Version, tuple[ModelVersion, ...]] = {"old": pair.old, "new": pair.new}
    files = dict[Version, Path]()
    for version, models in sides.items():
        files[version] = path = scratch / f"{version}.jsonl"
        with path.open("wb") as file:
            file.writelines(line + b"\n" for line in project.store.output_lines(models))
    return files


def _built_by(project: Project, digest: str) -> str:
    found = built_event(project.store, digest)
    return found.author if found else ""
