"""Plan 146/KH-UBND of 2019 through the command, as a person types it. Said aloud when the file is absent."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SEED = Path(
    os.environ.get("TIEPCAN_SEED", Path(__file__).parents[2] / "shared/seed/ke-hoach-146-KH-UBND-2019.txt")
)
present = pytest.mark.skipif(
    not SEED.exists(), reason=f"the real plan is not at {SEED}; set TIEPCAN_SEED to its place"
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from tiepcan.config.command import main; main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    done = run("read_plan", str(SEED), "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@present
def test_its_head_is_read(plan):
    assert (plan["number"], plan["symbol"], plan["kind"]) == ("146", "KH-UBND", "Kế hoạch")
    assert (plan["issued_on"], plan["place"], plan["year"]) == ("2019-02-18", "Tp. Thanh Hóa", 2019)
    assert plan["issuer"] == "UBND Thành phố Thanh Hóa"
    assert [(b["number"], b["symbol"], b["issued_on"], b["issuer"]) for b in plan["legal_bases"]] == [
        ("353", "QĐ-UBND", "2019-01-23", "UBND tỉnh Thanh Hóa"),
        ("113", "KH-STTTT", "2019-01-28", "Sở Thông tin và Truyền thông"),
    ]
    signatory = plan["signatory"]
    assert (signatory["name"], signatory["position"], signatory["authority"]) == (
        "Phạm Thị Việt Nga",
        "PHÓ CHỦ TỊCH",
        "KT. CHỦ TỊCH",
    )


@present
def test_its_table_is_read(plan):
    units = plan["units"]
    assert len(units) == 35
    sums = {"poor_households": 920, "telecom_service": 200, "information_asset": 21}
    assert plan["totals"] == {"printed": sums, "summed": sums}
    assets = [unit["targets"]["information_asset"] for unit in units]
    assert (assets.count(1), assets.count(None)) == (21, 14)
    assert [u["matched_name"] for u in units if u["matched_name"] != u["name"]] == [
        "Phường Ngọc Trạo",
        "Phường Đông Cương",
    ]
    assert all(unit["code"] for unit in units)


@present
def test_its_words_are_read(plan):
    assert {t["indicator"]: t["value"] for t in plan["targets"]} == {
        "telecom_service": 200,
        "information_asset": 21,
    }
    assert [(d["due_before"], d["audience"]) for d in plan["deadlines"]] == [
        ("2019-02-28", "UBND các phường, xã"),
        ("2019-06-15", "UBND các phường, xã"),
        ("2019-10-05", "UBND các phường, xã"),
    ]
    assert plan["deadlines"][1]["last_day_in_words"] == "hết thứ Sáu 14/06/2019"
    assert len({duty["organisation"] for duty in plan["duties"]}) == 6
    assert len(plan["recipients"]) == 7


@present
def test_its_doubts_and_notes_are_told(plan):
    told = [(f["severity"], f["code"]) for f in plan["findings"]]
    assert sorted(told) == [
        ("doubt", "sentence_broken"),
        ("doubt", "unit_name_corrected"),
        ("doubt", "unit_name_corrected"),
        ("note", "units_not_listed"),
        ("note", "units_not_listed"),
    ]
    messages = " ".join(f["message"] for f in plan["findings"])
    assert "phát huy tối đa" in messages
    assert "Phường Điện Biên" in messages
    assert "Phường Ba Đình" in messages


def test_the_exit_code_tells_errors_from_files_that_cannot_be_read(tmp_path):
    wrong = tmp_path / "sai-tong.csv"
    wrong.write_text(
        "STT,Phường xã,Số hộ nghèo,Dịch vụ viễn thông\n1,Phường Hàm Rồng,24,4\n2,Phường Nam Ngạn,29,6\nTổng,,53,11\n"
    )
    broken = tmp_path / "hong.docx"
    broken.write_bytes(b"PK\x03\x04")
    assert run("read_plan", str(wrong), "--json").returncode == 1
    for unreadable in (broken, tmp_path / "khong-co.txt"):
        done = run("read_plan", str(unreadable))
        assert (done.returncode, done.stdout) == (2, "")
        assert len(done.stderr.strip().splitlines()) == 1
