"""Reading a plan, the whole process, beside a bare start of the interpreter with the library it reads with.

Prints median seconds of each and their ratio; the limit is measured in the same run, turn by turn.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.papers import writers
from tests.papers.truth import Truth

GOAL = 1.5
PAPERS = {
    "docx": (writers.docx(Truth()), "import docx"),
    "pdf": (writers.pdf(Truth()), "import pdfplumber"),
    "xlsx": (writers.xlsx(Truth()), "import openpyxl"),
    "txt": (writers.utf8(Truth()), "pass"),
}


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=11)
    turns = parser.parse_args().turns
    print(f"{'format':8}{'ours s':>9}{'limit s':>9}{'ratio':>7}   goal {GOAL}")
    with tempfile.TemporaryDirectory() as folder:
        for name, ((raw, filename), library) in PAPERS.items():
            file = Path(folder) / filename
            file.write_bytes(raw)
            ours, limit = [], []
            for _ in range(turns):
                ours.append(
                    seconds([str(Path(sys.executable).parent / "tiepcan"), "read_plan", str(file), "--json"])
                )
                limit.append(seconds([sys.executable, "-c", library]))
            mine, bare = statistics.median(ours), statistics.median(limit)
            print(f"{name:8}{mine:9.3f}{bare:9.3f}{mine / bare:7.2f}")


if __name__ == "__main__":
    main()
