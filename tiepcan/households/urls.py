"""Addresses of households; what rooms above know of them is handed in."""

from django.urls import URLPattern, path

from tiepcan.households.actions.merging import Hinder
from tiepcan.households.views import household, imports, lists, pairs, rounds
from tiepcan.households.views.household import StoryOf
from tiepcan.households.views.lists import Conditions


def routes(*, story_of: StoryOf, conditions: Conditions, hinder: Hinder) -> list[URLPattern]:
    """`story_of` tells what happened to a household, `conditions` are filters of the list, `hinder` says why not to merge two."""
    handed = pairs.Handed(story_of, hinder)
    return [
        path("ho-ngheo/", lists.households(conditions), name="households"),
        path("ho-ngheo/them/", household.add, name="add"),
        path("ho-ngheo/ra-soat/", rounds.rounds, name="rounds"),
        path("ho-ngheo/nghi-trung/", pairs.pairs, name="pairs"),
        path("ho-ngheo/nghi-trung/tim/", pairs.seek, name="seek_pairs"),
        path("ho-ngheo/nghi-trung/<int:pk>/", pairs.pair(handed), name="pair"),
        path("ho-ngheo/nghi-trung/<int:pk>/quyet-dinh/", pairs.decide(handed), name="decide_pair"),
        path("ho-ngheo/nghi-trung/<int:pk>/tach-lai/", pairs.take_back(handed), name="take_back_pair"),
        path("ho-ngheo/nghi-trung/<int:pk>/xet-lai/", pairs.reconsider, name="reconsider_pair"),
        path("ho-ngheo/xuat/", lists.export(conditions), name="export"),
        path("ho-ngheo/bang-tinh/", lists.workbook, name="workbook"),
        path("ho-ngheo/nhap/", imports.imports, name="imports"),
        path("ho-ngheo/nhap/<uuid:pk>/", imports.one, name="import"),
        path("ho-ngheo/nhap/<uuid:pk>/dong/<slug:outcome>/", imports.lines, name="import_lines"),
        path("ho-ngheo/nhap/<uuid:pk>/hieu/", imports.explain, name="explain_import"),
        path("ho-ngheo/nhap/<uuid:pk>/ghi/", imports.write, name="write_import"),
        path("ho-ngheo/nhap/<uuid:pk>/dung/", imports.stop, name="stop_import"),
        path("ho-ngheo/nhap/<uuid:pk>/bo/", imports.discard, name="discard_import"),
        path("ho-ngheo/nhap/<uuid:pk>/danh-dau/", imports.marked, name="marked_import"),
        path("ho-ngheo/<uuid:pk>/", household.household(story_of), name="household"),
        path("ho-ngheo/<uuid:pk>/sua/", household.edit, name="edit"),
        path("ho-ngheo/<uuid:pk>/ra-soat/", household.review, name="review"),
        path("ho-ngheo/<uuid:pk>/lich-su/", household.history, name="history"),
    ]
