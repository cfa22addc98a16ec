"""Outputs that are pictures or recordings themselves: the same bytes are the same, anything else is to be judged."""

from __future__ import annotations

import pytest

from labeler.domain.differences import ItemClass, compare
from labeler.domain.differences.media import made
from labeler.domain.differences.model import Kind, Of
from labeler.domain.items import Modality, Output, output_sha256
from tests.domain.differences.outputs import output

ONE, OTHER = "1f" * 32, "2e" * 32


def made_as(media: str, digest: str | None, text: str | None = None) -> Output:
    return output(text, media=media, media_sha256=digest)


def test_other_bytes_are_a_flip_of_its_own() -> None:
    comparison = compare(made_as("old/cat.png", ONE), made_as("new/cat.png", OTHER))
    assert comparison.item_class is ItemClass.FLIP
    (found,) = comparison.differences
    assert (found.of, found.kind, found.cosmetic, found.weight) == (Of.MEDIA, Kind.MEDIA, False, 1.0)
    assert found.place == "picture"


def test_the_same_bytes_are_the_same_whatever_the_file_is_called() -> None:
    for again in ("new/cat.png", "elsewhere/dog.jpeg"):
        assert (
            compare(made_as("old/cat.png", ONE), made_as(again, f"sha256:{ONE.upper()}")).item_class is ItemClass.SAME
        )


def test_a_difference_of_files_comes_before_those_of_their_texts() -> None:
    comparison = compare(made_as("a.wav", ONE, "four pounds"), made_as("b.wav", OTHER, "five pounds"))
    assert [d.kind for d in comparison.differences] == [Kind.MEDIA, Kind.NUMBER]
    assert comparison.differences[0].place == "recording"


def test_a_file_against_none_is_one_sided() -> None:
    (found,) = compare(made_as("a.png", ONE), output("")).differences
    assert found.old is not None
    assert found.new is None


def test_readings_hold_no_name_that_could_be_a_model_s() -> None:
    (found,) = compare(made_as("reader-3.1/a.png", ONE), made_as("reader-3.2/a.png", None)).differences
    assert "reader" not in f"{found}"


@pytest.mark.parametrize(
    ("media", "kind"), [("a/B.PNG", Modality.IMAGE), ("https://host/x.flac", Modality.AUDIO), ("a/b.bin", None)]
)
def test_the_name_says_what_was_made(media: str, kind: Modality | None) -> None:
    assert made(made_as(media, ONE)) is kind


def test_without_a_hash_the_address_tells_two_outputs_apart() -> None:
    here, there = made_as("https://host/1.png", None), made_as("https://host/2.png", None)
    assert compare(here, there).item_class is ItemClass.FLIP
    assert output_sha256(here) != output_sha256(there)
    assert compare(here, made_as("https://host/1.png", None)).item_class is ItemClass.SAME
