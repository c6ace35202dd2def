"""Addresses of outcomes; pages of rooms above that stand beside theirs are handed in."""

from collections.abc import Sequence

from django.urls import URLPattern, path

from tiepcan.supports import views


def routes(*, beside: Sequence[tuple[str, str]], asked_of: views.AskedOf) -> list[URLPattern]:
    """`beside` are pages that verifiers reach from the list of what waits: label and name of the route.

    `asked_of` says what else waits for a person: what to do, and where.
    """
    return [
        path("ket-qua/ghi/", views.record, name="record"),
        path("ket-qua/cho-xac-minh/", views.to_verify(beside, asked_of), name="to_verify"),
        path("ket-qua/<uuid:pk>/", views.outcome, name="outcome"),
        path("ket-qua/<uuid:pk>/xac-minh/", views.verify, name="verify"),
        path("ket-qua/<uuid:pk>/tra-lai/", views.give_back, name="give_back"),
        path("ket-qua/<uuid:pk>/bo-sung/", views.answer, name="answer"),
        path("ket-qua/<uuid:pk>/minh-chung/", views.add_evidence, name="add_evidence"),
        path("ket-qua/<uuid:pk>/rut/", views.withdraw, name="withdraw"),
        path("ket-qua/<uuid:pk>/khong-tinh/", views.reject, name="reject"),
        path("ket-qua/<uuid:pk>/lich-su/", views.history, name="history"),
        path("minh-chung/<uuid:pk>/", views.evidence, name="evidence"),
    ]
