"""What decodes and plays for a window: processes that are started when the first picture or sound needs them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labeler.modalities.audio.recording import RecordingDecoder
    from labeler.modalities.image.decoder import PictureDecoder
    from labeler.modalities.player.player import Player

_ALL = ("decoder", "player", "sound_decoder", "example_player")


class Media:
    """The decoder and the player of one window. A project of pictures never starts a player."""

    def __init__(self, cache: Path) -> None:
        """`cache`: where the pixels of big pictures may be kept while they are looked at."""
        self._cache = cache

    @cached_property
    def decoder(self) -> PictureDecoder:
        from labeler.modalities.image.decoder import PictureDecoder

        return PictureDecoder(folder=self._cache)

    @cached_property
    def player(self) -> Player:
        from labeler.modalities.player.player import Player

        return Player()

    @cached_property
    def sound_decoder(self) -> RecordingDecoder:
        """Of recordings that are shown outside Review, whose panel has a decoder of its own."""
        from labeler.modalities.audio.recording import RecordingDecoder

        return RecordingDecoder()

    @cached_property
    def example_player(self) -> Player:
        """Plays what is no item under review, so that Review's player keeps its recording and its place."""
        from labeler.modalities.player.player import Player

        return Player()

    def close(self) -> None:
        """End the processes that were started."""
        for name in _ALL:
            if name in self.__dict__:
                getattr(self, name).close()
