"""Files that nobody should have sent: each ends in a sentence that helps, and no row of it is lost in silence."""

import io

import pytest
from PIL import Image

from tests.factories import a_person
from tests.test_imports import sent, written
from tests.workbooks import HEAD, a_list, a_row
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.households.models import Household, ImportState

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Person:
    return a_person(Role.OFFICER)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF", "WEBP"])
def test_a_picture_is_called_a_picture(officer, kind):
    taken = io.BytesIO()
    Image.new("RGB", (300, 200), "wheat").save(taken, kind)
    file = sent(taken.getvalue(), officer, name="ds.xlsx")
    assert file.state == ImportState.FAILED
    assert file.message.startswith("Đây là ảnh hoặc video")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (a_row("HR-2", "Nguyễn" + " Thị Dài" * 40), "Họ tên dài 326 ký tự, nhiều nhất 120."),
        (a_row("HR-2", "NGUYỄN" + " THỊ DÀI" * 40), "Họ tên dài 326 ký tự, nhiều nhất 120."),
        (a_row("HR-2", "Lê " + "x" * 2000), "Họ tên dài 2003 ký tự"),
        (a_row("HR-2", hamlet="Thôn " + "Rất Dài " * 40), "Tên thôn, tổ dài"),
        (a_row("HR-2", poverty="nghèo " * 100), "Ghi một trong: N1"),
        (a_row("H" * 500), "nhiều nhất 30 ký tự"),
    ],
    ids=["name", "capitals", "one word", "hamlet", "class", "code"],
)
def test_what_is_too_long_for_the_registry_refuses_its_row_alone(officer, row, said):
    file = sent(a_list(a_row("HR-1", "Lê Văn Giả Định"), row), officer)
    assert (file.state, file.accepted, file.rejected) == (ImportState.READ, 1, 1), file.message
    assert said in file.problems.get().message


def test_long_notes_and_headings_are_no_trouble(officer):
    head = [*HEAD, "Ghi chú", "Ý kiến " + "rất dài " * 250]
    file = sent(a_list((*a_row("HR-1"), "ghi chú " * 100, "x"), head=head), officer)
    written(file, officer)
    assert file.state == ImportState.DONE, file.message
    assert Household.objects.get().code == "HR-1"
