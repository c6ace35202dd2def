"""The .docx file around a paper: python-docx's template laid bare, our styles, what the file tells about itself.

The same content gives the same bytes: no clock, no name of a machine, and no compression, whose bytes differ
from one build of zlib to another. A digest of the file can thus be made again later, and elsewhere.
"""

import io
import zipfile
from datetime import UTC, datetime
from functools import cache
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from tiepcan.paperwork.writing import decree
from tiepcan.paperwork.writing.elements import defaults, element, style_element
from tiepcan.paperwork.writing.layout import Layout

_KEPT_PARTS = {
    RELATIONSHIP_TYPE.OFFICE_DOCUMENT,
    RELATIONSHIP_TYPE.CORE_PROPERTIES,
    RELATIONSHIP_TYPE.STYLES,
    RELATIONSHIP_TYPE.SETTINGS,
}
_KEPT_STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList"}
_NO_DAY = (1980, 1, 1, 0, 0, 0)
"""The first that a zip archive can tell."""


def blank() -> Any:
    """A document without a word in it, with our styles."""
    return Document(io.BytesIO(_template()))


@cache
def _template() -> bytes:
    """Made once: it takes longer than a paper of one page."""
    document = Document()
    _bare(document)
    _set_styles(document)
    return same_bytes_always(document)


def _bare(document: Any) -> None:
    """Take out what the template carries: its picture, its theme, the name of the program that made it."""
    for relations in (document.part.rels, document.part.package.rels):
        for key in [key for key, relation in relations.items() if relation.reltype not in _KEPT_PARTS]:
            del relations[key]
    settings = document.settings.element
    for child in list(settings):
        settings.remove(child)
    newest = element("compatSetting", name="compatibilityMode", val=15)
    newest.set(qn("w:uri"), "http://schemas.microsoft.com/office/word")
    settings.extend(
        [
            element("defaultTabStop", val=720),
            element("characterSpacingControl", val="doNotCompress"),
            element("compat", newest),
            element("themeFontLang", val=decree.LANGUAGE),
            element("decimalSymbol", val=","),
            element("listSeparator", val=";"),
        ]
    )


def _set_styles(document: Any) -> None:
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:styleId")) not in _KEPT_STYLES:
            styles.remove(style)
    styles.replace(styles.find(qn("w:docDefaults")), defaults(decree.TEXT.size))
    styles.extend(style_element(style) for style in decree.STYLES)


def describe(document: Any, layout: Layout) -> None:
    properties = document.core_properties
    properties.title, properties.author = layout.title, layout.author
    properties.language = decree.LANGUAGE
    properties.comments = ""
    for tag in ("dcterms:created", "dcterms:modified"):
        for found in properties._element.findall(qn(tag)):
            properties._element.remove(found)
    if day := layout.issued_on:
        properties.created = properties.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)


def same_bytes_always(document: Any) -> bytes:
    saved, fixed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(fixed, "w") as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, _NO_DAY)
            entry.create_system = 0
            after.writestr(entry, before.read(name), zipfile.ZIP_STORED)
    return fixed.getvalue()
