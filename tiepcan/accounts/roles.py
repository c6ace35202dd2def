"""What each role may do, as one table."""

from enum import StrEnum

from django.db.models import TextChoices


class May(StrEnum):
    """One thing that a door asks for. Scope (which units) is asked beside it, row by row."""

    SEE_PLANS = "see_plans"
    OPEN_PLANS = "open_plans"
    SEE_FIGURES = "see_figures"
    SEE_HOUSEHOLDS = "see_households"
    KEEP_HOUSEHOLDS = "keep_households"
    IMPORT_HOUSEHOLDS = "import_households"
    RECORD_OUTCOMES = "record_outcomes"
    VERIFY_OUTCOMES = "verify_outcomes"
    KEEP_DEVICES = "keep_devices"
    SEND_LISTS = "send_lists"
    RECONCILE = "reconcile"
    CONSOLIDATE = "consolidate"
    REPORT_DUTIES = "report_duties"
    HAND_IN = "hand_in"
    SIGN_REPORTS = "sign_reports"
    DRAFT_PAPERS = "draft_papers"
    KEEP_REGISTERS = "keep_registers"
    KEEP_WORDINGS = "keep_wordings"
    KEEP_ACCOUNTS = "keep_accounts"


class Role(TextChoices):
    """A person's role (vai trò)."""

    COORDINATOR = "coordinator", "Điều phối kế hoạch"
    OFFICER = "officer", "Cán bộ phường, xã"
    VERIFIER = "verifier", "Xác minh kết quả"
    LEADER = "leader", "Lãnh đạo"
    PARTNER = "partner", "Đơn vị phối hợp"
    OPERATOR = "operator", "Doanh nghiệp viễn thông"
    SUPERVISOR = "supervisor", "Cơ quan cấp trên"
    CLERK = "clerk", "Văn thư"
    ADMINISTRATOR = "administrator", "Quản trị tài khoản"


PERMISSIONS: dict[str, frozenset[May]] = {
    Role.COORDINATOR: frozenset(
        {
            May.SEE_PLANS,
            May.OPEN_PLANS,
            May.SEE_FIGURES,
            May.SEE_HOUSEHOLDS,
            # The lists of many wards at once come to the city's office; single households stay with their wards.
            May.IMPORT_HOUSEHOLDS,
            May.KEEP_DEVICES,
            May.RECONCILE,
            May.CONSOLIDATE,
            May.REPORT_DUTIES,
            May.HAND_IN,
            May.DRAFT_PAPERS,
            May.KEEP_REGISTERS,
            May.KEEP_WORDINGS,
        }
    ),
    Role.OFFICER: frozenset(
        {
            May.SEE_PLANS,
            May.SEE_FIGURES,
            May.SEE_HOUSEHOLDS,
            May.KEEP_HOUSEHOLDS,
            May.IMPORT_HOUSEHOLDS,
            May.RECORD_OUTCOMES,
            May.KEEP_DEVICES,
            May.HAND_IN,
            May.REPORT_DUTIES,
            # A ward's officer is its clerk as well.
            May.DRAFT_PAPERS,
            May.KEEP_REGISTERS,
            May.KEEP_WORDINGS,
        }
    ),
    Role.VERIFIER: frozenset(
        {
            May.SEE_PLANS,
            May.SEE_FIGURES,
            May.SEE_HOUSEHOLDS,
            May.VERIFY_OUTCOMES,
            May.REPORT_DUTIES,
            May.DRAFT_PAPERS,
            May.KEEP_REGISTERS,
        }
    ),
    # Leaders and the level above read figures; a household's page is for those who work on it (least data).
    Role.LEADER: frozenset({May.SEE_PLANS, May.SEE_FIGURES, May.SIGN_REPORTS}),
    Role.SUPERVISOR: frozenset({May.SEE_PLANS, May.SEE_FIGURES}),
    Role.PARTNER: frozenset({May.SEE_PLANS, May.REPORT_DUTIES}),
    # A company sees what it asked for and what came of it; the registry stays closed to it.
    Role.OPERATOR: frozenset({May.SEE_PLANS, May.REPORT_DUTIES, May.SEND_LISTS}),
    # Gives numbers, seals, sends and receives; what the papers report is not theirs to see beyond the paper.
    Role.CLERK: frozenset({May.SEE_PLANS, May.KEEP_REGISTERS, May.KEEP_WORDINGS}),
    Role.ADMINISTRATOR: frozenset({May.SEE_PLANS, May.KEEP_ACCOUNTS}),
}
