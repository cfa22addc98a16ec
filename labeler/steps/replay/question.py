"""What a model is asked, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Answer = Mapping[str, Any]


class AskError(Exception):
    """A question that got no answer. `error` is what the outputs file says; `again_s` when asking again may help."""

    def __init__(self, error: str, said: str, again_s: float | None = 0.0) -> None:
        super().__init__(said)
        self.error, self.said, self.again_s = error, said, again_s


@dataclass(frozen=True, slots=True)
class Question:
    """One item as a model gets it. `media` is a file on this machine."""

    item_id: str
    modality: str
    prompt: str
    media: str | None
    content: str | None
    seed: int | None
    params: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.item_id,
            "modality": self.modality,
            "prompt": self.prompt,
            "media": self.media,
            "content": self.content,
            "seed": self.seed,
            "params": dict(self.params),
        }
