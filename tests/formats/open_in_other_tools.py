"""Opens an exported gold set with the libraries it is meant for; a program, since they are no part of this project.

`python open_in_other_tools.py GOLD PARQUET RECORDS` where `pip install datasets mlcroissant` was done; it ends with a
message and status 1 where one of them does not find so many records.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(gold: Path, parquet: Path, records: int) -> None:
    import datasets  # type: ignore[import-not-found,unused-ignore]
    import mlcroissant  # type: ignore[import-not-found,unused-ignore]

    table = datasets.load_dataset("parquet", data_files=str(parquet), split="train", cache_dir=str(parquet.parent))
    assert table.num_rows == records, f"datasets: {table.num_rows} rows"
    assert all(json.loads(row["answer"]) and row["tier"] for row in table)
    described = mlcroissant.Dataset(jsonld=str(gold / "croissant.json"))
    assert not described.metadata.issues.errors, described.metadata.issues.report()
    found = list(described.records("records"))
    assert len(found) == records, f"mlcroissant: {len(found)} records"
    ids = {row["records/id"].decode() if isinstance(row["records/id"], bytes) else row["records/id"] for row in found}
    assert ids == set(table["id"])
    warnings = sorted(described.metadata.issues.warnings)
    sys.stdout.write(f"{records} records in datasets {datasets.__version__} and mlcroissant; warnings: {warnings}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
