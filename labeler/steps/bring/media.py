"""Media that come with a file: where they lie, whether they are what the file says, and the project's own copy.

Nothing outside the file's folder or the project is ever read: no absolute path, no `..`, no link that leads out.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from labeler.formats.row import RefusedError
from labeler.steps.bring.records import sha256_of
from labeler.steps.project import MEDIA_FOLDER, is_own

_SCHEMES = frozenset({"https", "s3", "gs"})


@dataclass(frozen=True, slots=True)
class Brought:
    """`media` is a path relative to the project, or a URI; `sha256` is None for a URI whose file gave none."""

    media: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class MediaSource:
    """Where the media of one file come from, and the project that they go to."""

    beside: Path
    """The file's folder."""
    project: Path
    allowed_hosts: frozenset[str]

    def bring(self, media: str, sha256: str | None) -> Brought:
        """Raises RefusedError when the medium is missing, altered, or not to be had from there."""
        if "://" in media:
            return Brought(self._allowed(media), sha256)
        found = self.find(media)
        digest = sha256_of(found)
        if sha256 is not None and sha256.lower().removeprefix("sha256:") != digest:
            raise RefusedError(f"media: {media} is not the file that its sha256 names")
        inside = self.project.resolve()
        if found.is_relative_to(inside):
            return Brought(found.relative_to(inside).as_posix(), digest)
        return Brought(self._copy(found, media, digest), digest)

    def _allowed(self, uri: str) -> str:
        try:
            parts = urlsplit(uri)
        except ValueError as problem:
            raise RefusedError(f"media: {uri!r:.200} is not a URI: {problem}") from None
        # What programs read differently (`\\`, spaces, controls) could name one host here and another one there.
        if not uri.isascii() or not uri.isprintable() or set(uri) & set('\\ "<>') or "@" in parts.netloc:
            raise RefusedError(f"media: {uri!r:.200} is not a plain URI without a user's name")
        if parts.scheme not in _SCHEMES:
            raise RefusedError(f"media: {parts.scheme}:// is not one of {', '.join(sorted(_SCHEMES))}")
        if parts.hostname not in self.allowed_hosts:
            raise RefusedError(f"media: the project does not allow the host {parts.hostname} (allowed_hosts)")
        return uri

    def find(self, media: str) -> Path:
        """The file beside the records, or in the project. Raises RefusedError when it is in neither."""
        path = PurePosixPath(media)
        if "\0" in media or "\\" in media or ":" in media.split("/", 1)[0] or path.is_absolute() or ".." in path.parts:
            raise RefusedError(f"media: {media!r:.200} is not a path below the file's folder")
        for folder in (self.beside, self.project):
            try:
                found = (folder / path).resolve()
                if not found.is_file():
                    continue
            except (OSError, RuntimeError) as problem:  # a name too long for the disk, links in circles
                raise RefusedError(f"media: {media!r:.200} cannot be read: {problem!s:.80}") from None
            if not found.is_relative_to(folder.resolve()):
                raise RefusedError(
                    f"media: {media} is a link that leads out of its folder; put the file itself there, "
                    "or write the records beside it"
                )
            inside = self.project.resolve()
            if found.is_relative_to(inside) and is_own(found.relative_to(inside).parts):
                raise RefusedError(f"media: {media} is a file of the project itself")
            return found
        raise RefusedError(f"media: there is no file {media:.200}")

    def _copy(self, found: Path, media: str, digest: str) -> str:
        path = PurePosixPath(media)
        below = path.relative_to(MEDIA_FOLDER) if path.parts[0] == MEDIA_FOLDER else path
        target = self.project / MEDIA_FOLDER / below
        if target.exists():
            if sha256_of(target) == digest:
                return target.relative_to(self.project).as_posix()
            target = target.with_name(f"{target.stem}-{digest[:12]}{target.suffix}")
        if not target.parent.resolve().is_relative_to(self.project.resolve()):
            raise RefusedError(f"media: {media} would be copied to where a link in the project leads, out of it")
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f".{target.name}.part")
        shutil.copyfile(found, half)
        half.replace(target)
        return target.relative_to(self.project).as_posix()
