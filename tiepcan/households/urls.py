"""Addresses of households; what rooms above know of them is handed in."""

from django.urls import URLPattern, path

from tiepcan.households.actions.merging import Hinder
from tiepcan.households.listing import Conditions
from tiepcan.households.views import changes, household, imports, lists, pairs, rounds
from tiepcan.households.views.household import StoryOf


def routes(*, story_of: StoryOf, conditions: Conditions, hinder: Hinder) -> list[URLPattern]:
    """`story_of` tells what happened to a household, `conditions` are filters of the list, `hinder` says why not to merge two."""
    handed = pairs.Handed(story_of, hinder)
    return [
        path("ho-ngheo/", lists.households(conditions), name="households"),
        path("ho-ngheo/them/", household.add, name="add"),
        path("ho-ngheo/ra-soat/", rounds.rounds, name="rounds"),
        path("ho-ngheo/ra-soat/<slug:unit>/<int:year>/", rounds.one, name="round"),
        path("ho-ngheo/ra-soat/<slug:unit>/<int:year>/bat-dau/", rounds.start, name="round_start"),
        path("ho-ngheo/ra-soat/<slug:unit>/<int:year>/giu-nguyen/", rounds.keep, name="round_keep"),
        path("ho-ngheo/ra-soat/<slug:unit>/<int:year>/khoa/", rounds.lock, name="round_lock"),
        path("ho-ngheo/ra-soat/<slug:unit>/<int:year>/mo-lai/", rounds.reopen, name="round_reopen"),
        path(
            "ho-ngheo/ra-soat/<slug:unit>/<int:year>/<slug:kind>/<slug:figure>/",
            rounds.behind,
            name="round_behind",
        ),
        path("ho-ngheo/chuyen-di/", changes.moves, name="moves"),
        path("ho-ngheo/nghi-trung/", pairs.pairs, name="pairs"),
        path("ho-ngheo/nghi-trung/tim/", pairs.seek, name="seek_pairs"),
        path("ho-ngheo/nghi-trung/<int:pk>/", pairs.pair(handed), name="pair"),
        path("ho-ngheo/nghi-trung/<int:pk>/quyet-dinh/", pairs.decide(handed), name="decide_pair"),
        path("ho-ngheo/nghi-trung/<int:pk>/tach-lai/", pairs.take_back(handed), name="take_back_pair"),
        path("ho-ngheo/nghi-trung/<int:pk>/xet-lai/", pairs.reconsider, name="reconsider_pair"),
        path("ho-ngheo/xuat/", lists.export(conditions), name="export"),
        path("ho-ngheo/bang-tinh/", lists.workbook, name="workbook"),
        path("ho-ngheo/nhap/", imports.imports, name="imports"),
        path("ho-ngheo/nhap/ghi-het/", imports.write_all, name="write_all_imports"),
        path("ho-ngheo/nhap/<uuid:pk>/", imports.one, name="import"),
        path("ho-ngheo/nhap/<uuid:pk>/dong/<slug:outcome>/", imports.lines, name="import_lines"),
        path("ho-ngheo/nhap/<uuid:pk>/hieu/", imports.explain, name="explain_import"),
        path("ho-ngheo/nhap/<uuid:pk>/ghi/", imports.write, name="write_import"),
        path("ho-ngheo/nhap/<uuid:pk>/dung/", imports.stop, name="stop_import"),
        path("ho-ngheo/nhap/<uuid:pk>/hoan-tac/", imports.take_back, name="take_back_import"),
        path("ho-ngheo/nhap/<uuid:pk>/bo/", imports.discard, name="discard_import"),
        path("ho-ngheo/nhap/<uuid:pk>/danh-dau/", imports.marked, name="marked_import"),
        path("ho-ngheo/<uuid:pk>/", household.household(story_of), name="household"),
        path("ho-ngheo/<uuid:pk>/sua/", household.edit, name="edit"),
        path("ho-ngheo/<uuid:pk>/ra-soat/", household.review, name="review"),
        path("ho-ngheo/<uuid:pk>/lich-su/", household.history, name="history"),
        path("ho-ngheo/<uuid:pk>/thanh-vien/them/", changes.add_member, name="add_member"),
        path("ho-ngheo/<uuid:pk>/thanh-vien/<int:member>/", changes.edit_member, name="edit_member"),
        path(
            "ho-ngheo/<uuid:pk>/thanh-vien/<int:member>/bo/", changes.take_member_off, name="take_member_off"
        ),
        path("ho-ngheo/<uuid:pk>/doi-chu-ho/", changes.succeed, name="succeed"),
        path("ho-ngheo/<uuid:pk>/nhay-cam/", changes.sensitive, name="sensitive"),
        path("ho-ngheo/<uuid:pk>/chuyen/", changes.move, name="move"),
        path("ho-ngheo/<uuid:pk>/tach/", changes.split, name="split"),
        path("ho-ngheo/<uuid:pk>/ra-khoi-so/", changes.leave, name="leave"),
        path("ho-ngheo/<uuid:pk>/tro-lai/", changes.come_back, name="come_back"),
    ]
