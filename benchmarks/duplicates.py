"""Finding households written twice: how many are found, how many of the found are true, and at what cost.

The limit is rapidfuzz alone over the folded names of the same blocks, in the same run: no years, no reasons.
"""

import argparse
import gc
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.likeness_truth import Truth, truth
from tiepcan.common.folding import folded_key
from tiepcan.households.likeness import blocks, suspects

GOAL_RECALL, GOAL_PRECISION = 0.95, 0.85


def limit(known: Truth) -> float:
    """Seconds of rapidfuzz over every block, each name with those before it; blocks are given."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for facts in known.facts:
        name = folded_key(facts.head_name)
        for key in blocks(facts):
            grouped[key].append(name)
    start = time.perf_counter()
    for names in grouped.values():
        for at, name in enumerate(names[1:], start=1):
            extract(
                name,
                names[:at],
                scorer=DamerauLevenshtein.normalized_similarity,
                score_cutoff=0.8,
                limit=None,
            )
    return time.perf_counter() - start


def measure(households: int, seed: int) -> None:
    """One line of figures; for the middle size also which noise is missed and which strangers are taken for one."""
    known = truth(seed, households)
    gc.collect()
    start = time.perf_counter()
    found = [(frozenset((a.key, b.key)), like) for a, b, like in suspects(known.facts, ())]
    seconds = time.perf_counter() - start
    asked = {pair for pair, like in found if not like.is_conflict}
    right = len(asked & known.pairs.keys())
    recall, precision = right / len(known.pairs), right / max(1, len(asked))
    f1, rows = 2 * recall * precision / max(1e-9, recall + precision), len(known.facts)
    bare = limit(known)
    print(
        f"{households:>10,}{rows:>9,}{len(known.pairs):>8,}{precision:>10.3f}{recall:>8.3f}{f1:>7.3f}"
        f"{seconds / rows * 1e6:>10.1f}{bare / rows * 1e6:>10.1f}{seconds / bare:>7.1f}"
    )
    if households == 20_000:
        tell(known, asked)


def tell(known: Truth, asked: set[frozenset[object]]) -> None:
    """The kinds of noise that are missed most often, and the kinds of strangers that are asked about."""
    written: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for pair, kinds in known.pairs.items():
        written.update(kinds or ("không sai",))
        if pair not in asked:
            missed.update(kinds or ("không sai",))
    for kind, times in sorted(missed.items(), key=lambda item: -item[1] / written[item[0]])[:8]:
        print(f"{'':12}{kind:18} missed {times:>4} of {written[kind]:>4}")
    wrong = Counter(known.strangers.get(pair, "others") for pair in asked - known.pairs.keys())
    for kind, times in wrong.most_common():
        print(
            f"{'':12}{kind:18} asked in vain {times:>4} of {sum(k == kind for k in known.strangers.values()) or '':>4}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[920, 20_000, 200_000])
    parser.add_argument("--seed", type=int, default=2019)
    arguments = parser.parse_args()
    print(f"goals at 20,000: recall {GOAL_RECALL}, precision {GOAL_PRECISION}")
    print(
        f"{'households':>10}{'rows':>9}{'pairs':>8}{'precision':>10}{'recall':>8}{'F1':>7}{'µs a row':>10}{'limit µs':>10}{'ratio':>7}"
    )
    for households in arguments.sizes:
        measure(households, arguments.seed)


if __name__ == "__main__":
    main()
