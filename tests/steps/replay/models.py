"""Models for the callable adapter."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
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


def sleeps(_question: dict[str, Any]) -> str:
    try:
        time.sleep(30)
    except Exception:  # models do such things
        return "swallowed"
    return "late"


def leaves(_question: dict[str, Any]) -> str:
    sys.exit("that is all")


def crashes_once(question: dict[str, Any]) -> str:
    """Takes its process with it at the third item, unless it did so before."""
    mark = Path(question["params"]["mark"])
    if question["id"] == "t3" and not mark.exists():
        mark.touch()
        os._exit(3)
    return str(question["content"])
