"""The project's SQLite store: the append-only event log and the state that follows from it."""

from labeler.store.adopting import Adoption, LoggedEvent
from labeler.store.audit import UNREADABLE
from labeler.store.backup import Backup, Why, back_up, backups
from labeler.store.catalogue import Compared, DecisionRow, ImportState, ItemRow, OutputRow, Stored, ToCompare
from labeler.store.connection import DatabaseError, words
from labeler.store.engine import sqlite_version
from labeler.store.erasing import CarriedOut, Unfinished
from labeler.store.restore import Restored, restore
from labeler.store.store import FILE_NAME, Store
from labeler.store.survey import Left
from labeler.store.verdict_state import StoredResolution, StoredVerdict

__all__ = [
    "FILE_NAME",
    "UNREADABLE",
    "Adoption",
    "Backup",
    "CarriedOut",
    "Compared",
    "DatabaseError",
    "DecisionRow",
    "ImportState",
    "ItemRow",
    "Left",
    "LoggedEvent",
    "OutputRow",
    "Restored",
    "Store",
    "Stored",
    "StoredResolution",
    "StoredVerdict",
    "ToCompare",
    "Unfinished",
    "Why",
    "back_up",
    "backups",
    "restore",
    "sqlite_version",
    "words",
]
