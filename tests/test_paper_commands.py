"""What the command line writes of papers: both formats, and a sentence for what it cannot write."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.factories import a_person
from tests.test_figures import plan_of_35
from tests.test_periodic_reports import at
from tiepcan.accounts.roles import Role
from tiepcan.intake.formats import read
from tiepcan.reporting.models import ConsolidatedReport

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def june() -> Any:
    with at(date(2019, 6, 19)):
        yield


def words_of(raw: bytes, name: str) -> str:
    """Everything that a file says, as the reader of plans reads it."""
    document = read(raw, name)
    texts = [
        getattr(block, "text", None) or " ".join(cell for row in block.rows for cell in row.cells)
        for block in document.blocks
    ]
    return " ".join(" ".join(texts).split())


@pytest.mark.parametrize("suffix", ["docx", "pdf"])
def test_the_consolidated_report_is_written_in_the_form_that_its_name_asks_for(tmp_path: Path, suffix: str):
    plan = plan_of_35(a_person(Role.COORDINATOR))
    out = tmp_path / f"bao-cao.{suffix}"

    call_command("consolidate", plan=plan.code, year=2019, as_of=date(2019, 6, 14), out=out)

    said = words_of(out.read_bytes(), out.name)
    assert "Kết quả thực hiện chỉ tiêu" in said and "Phường Hàm Rồng" in said
    assert ConsolidatedReport.objects.count() == 1


@pytest.mark.parametrize("suffix", ["docx", "pdf"])
def test_the_draft_of_next_years_plan_is_written_in_the_form_that_its_name_asks_for(
    tmp_path: Path, suffix: str
):
    plan_of_35(a_person(Role.COORDINATOR))
    out = tmp_path / f"du-thao.{suffix}"

    call_command("draft_plan", year=2020, out=out)

    said = words_of(out.read_bytes(), out.name)
    assert "năm 2020" in said and "Xã Thiệu Vân" in said


def test_a_name_that_is_neither_is_refused_before_anything_is_frozen(tmp_path: Path):
    plan = plan_of_35(a_person(Role.COORDINATOR))

    with pytest.raises(CommandError, match=r"\.docx hoặc \.pdf"):
        call_command(
            "consolidate", plan=plan.code, year=2019, as_of=date(2019, 6, 14), out=tmp_path / "bao-cao.odt"
        )
    with pytest.raises(CommandError, match=r"\.docx hoặc \.pdf"):
        call_command("draft_plan", year=2020, out=tmp_path / "du-thao.txt")
    assert not ConsolidatedReport.objects.exists()


def test_a_year_without_a_plan_before_it_has_no_draft(tmp_path: Path):
    with pytest.raises(CommandError, match="Chưa mở kế hoạch nào của năm 2024"):
        call_command("draft_plan", year=2025, out=tmp_path / "du-thao.docx")


def test_a_code_with_a_wrong_letter_is_told_from_one_that_nobody_printed():
    with pytest.raises(CommandError, match="gõ nhầm"):
        call_command("check_document", "TC-2222-2223")
    with pytest.raises(CommandError, match="Không có bảng nào"):
        call_command("check_document", "TC-2222-2222")
