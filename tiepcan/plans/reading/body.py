"""The body of a paper: legal bases, targets, deadlines, duties, recipients, who signed."""

import re
from datetime import timedelta

from tiepcan.common.folding import folded_key
from tiepcan.plans.reading import words
from tiepcan.plans.reading.records import (
    BodyTarget,
    Deadline,
    Duty,
    LegalBasis,
    Reading,
    Recipient,
    Severity,
    Signatory,
    Source,
)
from tiepcan.plans.reading.text import Line, is_heading, is_recipients_head, places

_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-ZĐÀ-Ỹ])")
_LONGEST_ORGANISATION = 120
_AUTHORITY = re.compile(r"^(KT|TM|TL|TUQ|Q)\s*\.")
_POSITION = re.compile(
    r"^(PHÓ |Q\.\s*)?(CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG|BỘ TRƯỞNG|CHÁNH|THỨ TRƯỞNG|CỤC TRƯỞNG|TỔNG)"
)
_NAME = re.compile(r"^[A-ZĐÀ-Ỹ][a-zđà-ỹ]*(\s+[A-ZĐÀ-Ỹ][a-zđà-ỹ]*){1,5}$")


def read_body(lines: list[Line], begin: int, reading: Reading) -> None:
    end = next((n for n, line in enumerate(lines) if is_recipients_head(line.text)), len(lines))
    body = lines[begin:end]
    _read_bases(body, reading)
    _read_targets(body, reading)
    _read_duties_and_deadlines(body, reading)
    _read_recipients_and_signatory(lines[end:], reading)
    for line in body:
        if line.broken:
            reading.find(
                Severity.DOUBT,
                "sentence_broken",
                f"Câu bị ngắt giữa chừng: “…{line.text[-60:]}”. Đối chiếu với bản gốc.",
                line.where,
            )


def _read_bases(body: list[Line], reading: Reading) -> None:
    for line in body:
        if is_heading(line.text):
            break
        if not re.match(r"^[-\s]*(Căn cứ|Thực hiện|Theo|Xét)\b", line.text, re.IGNORECASE):
            continue
        text = line.text
        found = list(words.BASIS.finditer(text))
        if not found and (law := words.LAW.search(text)):
            symbol = law["symbol"]
            reading.legal_bases.append(
                LegalBasis(
                    law["kind"],
                    law["number"],
                    symbol,
                    words.day_in(law),
                    None,
                    law["subject"],
                    Source(line.where, law[0]),
                )
            )
        for n, basis in enumerate(found):
            after = text[basis.end() : found[n + 1].start() if n + 1 < len(found) else len(text)]
            # The last basis of a preamble runs into the sentence that issues the plan.
            after = words.BY_THE_PAPER.split(after)[0].split(";")[0]
            issuer = words.OF_ISSUER.match(after)
            subject = words.SUBJECT.match(after[issuer.end() :] if issuer else after)
            reading.legal_bases.append(
                LegalBasis(
                    kind=basis["kind"].capitalize(),
                    number=basis["number"],
                    symbol=words.one_symbol(basis["symbol"]),
                    issued_on=words.day_in(basis),
                    issuer=issuer["issuer"] if issuer else None,
                    subject=(subject["about"] or subject["verb"]).strip(" ,.") if subject else None,
                    source=Source(line.where, (basis[0] + after).strip(" ,.")),
                )
            )


def _read_targets(body: list[Line], reading: Reading) -> None:
    """Numbers of households in sections or sentences that speak of aims (mục tiêu, chỉ tiêu)."""
    section = ""
    for line in body:
        if words.ROMAN.match(line.text):
            section = folded_key(line.text)
        if not any(word in section or word in folded_key(line.text) for word in ("muc tieu", "chi tieu")):
            continue
        for found in words.HOUSEHOLDS.finditer(line.text):
            indicator = words.indicator_of(found["of"])
            value = int(found["value"].replace(".", ""))
            if indicator is None:
                continue
            same = [t for t in reading.targets if t.indicator == indicator]
            if not same:
                reading.targets.append(BodyTarget(indicator, value, Source(line.where, found[0].strip())))
            elif same[0].value != value:
                reading.find(
                    Severity.DOUBT,
                    "body_table_conflict",
                    f"Phần lời nêu hai số khác nhau cho “{indicator.label}”: {same[0].value} hộ ({same[0].source.where}) "
                    f"và {value} hộ. Chọn số đúng theo bản gốc.",
                    line.where,
                )


def _read_duties_and_deadlines(body: list[Line], reading: Reading) -> None:
    inside, organisation = False, None
    past_bases = False
    for line in body:
        past_bases = past_bases or is_heading(line.text)
        if roman := words.ROMAN.match(line.text):
            inside, organisation = "to chuc thuc hien" in folded_key(roman["title"]), None
            continue
        text = line.text
        if inside and (arabic := words.ARABIC.match(text)):
            name, colon, rest = arabic["title"].partition(":")
            if len(name) <= _LONGEST_ORGANISATION:
                organisation, text = name.strip(" .:"), rest.strip() if colon else ""
        if inside and organisation and text and not text.startswith("(") and not words.CLOSING.match(text):
            duty = text.lstrip("-–+ ").removesuffix("./.")
            reading.duties.append(Duty(organisation, duty, Source(line.where, text)))
        if past_bases:
            _read_deadlines(text, line.where, organisation, reading)


def _read_deadlines(text: str, where: str, audience: str | None, reading: Reading) -> None:
    for sentence in _SENTENCE_ENDS.split(text):
        stem = sentence.partition(":")[0] if ":" in sentence else ""
        for vague in words.DUE_WITHOUT_YEAR.finditer(sentence):
            reading.find(
                Severity.DOUBT,
                "not_in_file",
                f"“{vague[0]}” không ghi đủ ngày, tháng, năm nên chưa thành thời hạn. Nhập ngày, hoặc bỏ qua nếu là việc lặp lại.",
                where,
            )
        for clause in sentence.split(";"):
            what, end = "", 0
            for found in words.DUE.finditer(clause):
                day = words.day_in(found)
                if day is None:
                    reading.find(
                        Severity.DOUBT,
                        "not_in_file",
                        f"“{found[0]}” không phải một ngày có trong lịch. Nhập ngày đúng.",
                        where,
                    )
                    continue
                if "trước" not in found[0].lower():  # "chậm nhất ngày": that day still counts
                    day += timedelta(days=1)
                # "báo cáo trước ngày A và trước ngày B": both days are for the same thing.
                between = clause[end : found.start()].strip(" ,:-–")
                what, end = what if between in ("", "và") else between, found.end()
                if stem and not what.startswith(stem.strip()):
                    what = f"{stem.strip()}: {what}"
                reading.deadlines.append(
                    Deadline(day, audience, what.strip(" -–"), Source(where, clause.strip()))
                )


def _read_recipients_and_signatory(foot: list[Line], reading: Reading) -> None:
    authority: list[str] = []
    position = name = None
    signed: list[Line] = []
    for n, line in enumerate(foot):
        text = line.text
        if n == 0:
            text = re.sub(r"^\S+\s+\S+?\s*:?\s*(?=-|$)", "", text) if is_recipients_head(text) else text
        if text.startswith(("-", "–", "+")) and name is None:
            reading.recipients += [
                Recipient(part.strip(" -–;."), Source(line.where, part.strip()))
                for part in re.split(r";\s+(?=[-–]\s)", text)
                if part.strip(" -–;.")
            ]
        elif _AUTHORITY.match(text) and text.isupper():
            # "KT. CHỦ TỊCH PHÓ CHỦ TỊCH" on one line is two.
            first, _, second = text.partition(" PHÓ ")
            authority.append(first)
            position = f"PHÓ {second}" if second else position
            signed.append(line)
        elif text.isupper() and _POSITION.match(text) and name is None:
            position = text
            signed.append(line)
        elif (authority or position) and name is None and _NAME.match(text):
            name = text
            signed.append(line)
            break
    if name or position or authority:
        quote = ", ".join([*authority, *filter(None, (position, name))])
        reading.signatory = Signatory(
            name, position, ", ".join(authority) or None, Source(places(signed), quote)
        )
