"""How the kept figures follow the rows: the functions of the triggers on lines, supports, outcomes and evidence.

Each runs once for a statement, within its transaction. Whoever changes what a figure counts has the figure's row of
`Kept` first, several in one order; a row of `KeptDay` is written only by who has the figure.
"""

from tiepcan.common.triggers import NEW, OLD

KEYS = "plan_id, unit_id, indicator_id"

_ADDED = f"FROM {NEW} line JOIN supports_outcome o ON o.id = line.outcome_id"
LINES_ADDED = f"""
INSERT INTO supports_kept ({KEYS}, supported, unshown, recorded, verified)
SELECT o.plan_id, o.unit_id, o.indicator_id, 0, 0, sum(line.recorded), sum(line.verified) {_ADDED}
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT ({KEYS}) DO UPDATE SET
  recorded = supports_kept.recorded + excluded.recorded, verified = supports_kept.verified + excluded.verified;
INSERT INTO supports_keptday ({KEYS}, "on", recorded, verified)
SELECT o.plan_id, o.unit_id, o.indicator_id, line."on", sum(line.recorded), sum(line.verified) {_ADDED}
GROUP BY 1, 2, 3, 4 HAVING sum(line.recorded) <> 0 OR sum(line.verified) <> 0
ON CONFLICT ({KEYS}, "on") DO UPDATE SET
  recorded = supports_keptday.recorded + excluded.recorded, verified = supports_keptday.verified + excluded.verified;
RETURN NULL;
"""
"""After lines of the ledger: each adds what it says, in all and on its day."""


def _counted_anew(supports: str, outcomes: str) -> str:
    """What no row adds by itself is counted anew: several supports of a household are one, as are files of an outcome.

    The database's function `supports_count_anew` (migration 0007) finds the figures of these supports and outcomes, locks
    them in one order and counts them from all that is there by then, also from what the web's scope does not show.
    """
    return f"PERFORM supports_count_anew(ARRAY({supports}), ARRAY({outcomes})); RETURN NULL;"


_NONE = "SELECT null::uuid"
SUPPORTS_ADDED = _counted_anew(f"SELECT id FROM {NEW}", _NONE)
SUPPORTS_CHANGED = _counted_anew(f"SELECT id FROM {NEW}", f"SELECT outcome_id FROM {OLD}")
OUTCOMES_CHANGED = _counted_anew(_NONE, f"SELECT id FROM {NEW}")
EVIDENCE_ADDED = _counted_anew(f"SELECT support_id FROM {NEW}", f"SELECT outcome_id FROM {NEW}")
