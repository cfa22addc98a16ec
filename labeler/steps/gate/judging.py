"""Who is right on one gold record: people where they judged this very output, else the match."""

from __future__ import annotations

from collections.abc import Callable

from labeler.domain.gate.tally import MatchAgreement
from labeler.domain.items import Modality
from labeler.domain.match import OF_TEXT, Match, matches, people_must_say
from labeler.formats.gate.frames import from_json
from labeler.formats.gate.hashes import CAME, judged_sha256, text_sha256, whole_sha256
from labeler.formats.gate.lines import (
    GoldLine,
    OutputLine,
    answer_of,
    answer_text,
    match_of,
    output_of,
    plain_line,
)
from labeler.formats.gate.wholes import line_that_says

Judgement = tuple[str, bool, bool]
"""Hash of an output, whether it is right, and whether the match said so and no person."""
OpenJudgement = tuple[str, bool | None, bool]
"""The same; None where no match can say whether it is right, and no person has."""


class Judge:
    """Judges outputs, and measures on the way how often the match says what people said."""

    def __init__(self, thin: int) -> None:
        """Of `thin` judged outputs one is compared with the match."""
        self.agreement: dict[tuple[Modality, str], MatchAgreement] = {}
        """By modality and where the gold answer came from."""
        self._agreed: dict[tuple[str, str], MatchAgreement] = {}
        self._thin = thin
        self._matches: dict[bytes, Match] = {}

    def judge(self, gold: GoldLine, line: OutputLine, known: dict[str, OpenJudgement]) -> OpenJudgement:
        """`known` are the record's outputs so far, by hash: both models often say the very same."""
        digest = judged_sha256(line)
        if digest not in known:
            known[digest] = self._judge(gold, line, digest)
        return known[digest]

    def _judge(self, gold: GoldLine, line: OutputLine, digest: str) -> OpenJudgement:
        if line.error is not None:
            return digest, False, False
        seen = any(judged.output_sha256 == digest for judged in gold.judged)
        if not seen and self._people_must_say(gold, line):
            return digest, None, False
        return self._by_hash(gold, digest, lambda: line)

    def judge_whole(self, gold: GoldLine, said: bytes) -> Judgement:
        """`said` is the JSON that is hashed of an output without a medium. One that never came is wrong."""
        digest = whole_sha256(said)
        if not said.startswith(CAME):
            return digest, False, False
        return self._by_hash(gold, digest, lambda: line_that_says(gold.id, said))

    def judge_plain(self, gold: GoldLine, text: bytes) -> Judgement:
        """`text` is JSON without its quotes, and all that the output says."""
        return self._by_hash(gold, text_sha256(text), lambda: plain_line(gold.id, from_json(text)))

    def _by_hash(self, gold: GoldLine, digest: str, line: Callable[[], OutputLine]) -> Judgement:
        for judged in gold.judged:
            if judged.output_sha256 == digest:
                if self._thin == 1 or int(digest[-8:], 16) % self._thin == 0:
                    self._compare_match(gold, line(), judged.right)
                return digest, judged.right, False
        return digest, self._match_says(gold, line()), True

    def _people_must_say(self, gold: GoldLine, line: OutputLine) -> bool:
        if line.media is None:
            return False
        return people_must_say(output_of(line), self._match(gold), answer_of(gold.answer), gold.accept or ())

    def _match(self, gold: GoldLine) -> Match:
        raw = bytes(gold.match)
        match = self._matches.get(raw)
        if match is None:
            match = self._matches[raw] = match_of(gold.match)
        return match

    def _match_says(self, gold: GoldLine, line: OutputLine) -> bool:
        match = self._match(gold)
        if line.text is not None and match.kind in OF_TEXT and line.text == answer_text(gold.answer):
            return True
        return matches(output_of(line), match, answer_of(gold.answer), gold.accept or ())

    def _compare_match(self, gold: GoldLine, line: OutputLine, people_say: bool) -> None:
        if self._people_must_say(gold, line):
            return  # here the match says nothing
        origin = (gold.provenance and gold.provenance.answer_from) or ""
        seen = self._agreed.get((gold.modality, origin))
        if seen is None:
            seen = self._agreed[gold.modality, origin] = MatchAgreement()
            self.agreement[Modality(gold.modality), origin] = seen
        seen.both += 1
        seen.agree += self._match_says(gold, line) == people_say
