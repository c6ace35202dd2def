"""A household gains access once for a plan and an indicator, and the ledger keeps everything that was said of it."""

import pytest

from tests.factories import a_household, a_person, a_plan, an_outcome
from tiepcan.accounts.roles import Role
from tiepcan.supports import actions
from tiepcan.supports.figures import Counts, counts

pytestmark = pytest.mark.django_db


def test_a_verified_outcome_counts_as_recorded_and_verified(today):
    plan = a_plan()
    outcome = an_outcome(a_household(), plan=plan)

    actions.verify(outcome=outcome, by=a_person(Role.VERIFIER))

    assert counts(plan, today)[outcome.unit_id, "telecom_service"] == Counts(recorded=1, verified=1)
