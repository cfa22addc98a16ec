"""A real model behind the command adapter: Tesseract reads the picture that the question names."""

from __future__ import annotations

import json
import subprocess
import sys


def main() -> None:
    question = json.load(sys.stdin)
    read = subprocess.run(
        ["tesseract", question["media"], "-", "--psm", str(question["params"].get("psm", 6))],
        capture_output=True,
        text=True,
        check=True,
    )
    json.dump({"text": read.stdout.strip() or "(nothing)"}, sys.stdout)


if __name__ == "__main__":
    main()
