"""What people guessed when they were asked which side is the new model, and what that says of the blinding."""

from __future__ import annotations

from datetime import datetime

from labeler.domain.blind import LETTERS, Letter
from labeler.domain.events import Event, EventKind
from labeler.domain.guesses import Guess, GuessReport, guess_body, guess_report
from labeler.store import Store


def save_guess(
    store: Store, stream: str, release: str, item_id: str, new: Letter, said: Letter | None, at: datetime
) -> Event:
    """Append what a person said after an item, None for who could not tell. It counts for no verdict."""
    return store.append(stream, EventKind.GUESS, guess_body(release, item_id, new), at, {"guess": said or ""})


def guesses_in(store: Store, release: str) -> GuessReport:
    """Of real people, and of guesses that were not erased."""
    simulated = {person.id for person in store.people() if person.simulated}
    found = []
    for event in store.events(kinds=[EventKind.GUESS]):
        if event.body["release"] == release and event.author not in simulated and store.roles().allow(event):
            said = store.private_of(event.id).get("guess")
            if said is not None:
                letter = next((one for one in LETTERS if one == said), None)
                found.append(Guess(event.author, event.body["new"], letter))
    return guess_report(found)
