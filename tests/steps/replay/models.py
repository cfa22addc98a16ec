"""Models for the callable adapter."""

from __future__ import annotations

from typing import Any


def shout(question: dict[str, Any]) -> str:
    """What the item says, in capitals; an item with a 3 in it is too much."""
    if "3" in question["id"]:
        raise ValueError("three is too much")
    return str(question["content"]).upper()


def add_up(question: dict[str, Any]) -> dict[str, Any]:
    return {"values": {"length": len(question["content"]), "seed": question["seed"]}, "label": question["prompt"]}


def nothing(_question: dict[str, Any]) -> dict[str, Any]:
    return {"confidence": 0.5}
