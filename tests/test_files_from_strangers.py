"""Files that nobody should have sent: each ends in a sentence that helps, and no row of it is lost in silence."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from tests.factories import a_client, a_household, a_person
from tests.pages import text_of
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


def test_lacks_in_another_order_are_no_change(officer):
    both = ("telecom_service", "information_asset")
    household = a_household(code="HR-1", head_name="Lê Văn Giả Định", lacks=both, by=officer)
    file = sent(a_list(a_row("HR-1", "Lê Văn Giả Định", asset="x"), a_row("HR-2", asset="x")), officer)
    assert (file.unchanged, file.changed, file.accepted) == (1, 0, 1)
    written(file, officer)
    for one in (household, Household.objects.get(code="HR-2")):
        assert one.reviews.get().lacks == sorted(both)


def test_long_notes_and_headings_are_no_trouble(officer):
    head = [*HEAD, "Ghi chú", "Ý kiến " + "rất dài " * 250]
    file = sent(a_list((*a_row("HR-1"), "ghi chú " * 100, "x"), head=head), officer)
    written(file, officer)
    assert file.state == ImportState.DONE, file.message
    assert Household.objects.get().code == "HR-1"


def test_an_empty_workbook_says_so_before_anything_else(officer):
    file = sent(a_list(head=()), officer)
    said = text_of(a_client(officer).get(reverse("households:import", args=[file.pk])))
    assert "Không thấy hộ nào trong tệp này Trang tính “Danh sách”: Trang trống." in said
    assert "Không thấy hộ nào trong tệp" in text_of(a_client(officer).get(reverse("households:imports")))


def test_rows_of_an_outcome_that_is_none_are_not_found(officer):
    file = sent(a_list(a_row("HR-1")), officer)
    client = a_client(officer)
    assert client.get(reverse("households:import_lines", args=[file.pk, "accepted"])).status_code == 200
    assert client.get(reverse("households:import_lines", args=[file.pk, "gi-do"])).status_code == 404


def test_a_page_that_waited_is_loaded_anew_when_the_file_is_read(officer):
    """Its head has other words and other buttons then; htmx would change the part below alone."""
    file = sent(a_list(a_row("HR-1")), officer)
    address = reverse("households:import", args=[file.pk])
    asked = {"HTTP_HX_REQUEST": "true"}
    assert a_client(officer).get(address, **asked)["HX-Refresh"] == "true"
    file.state = ImportState.READING
    file.save()
    assert "HX-Refresh" not in a_client(officer).get(address, **asked)
