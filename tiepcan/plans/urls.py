from django.urls import URLPattern, path

from tiepcan.plans.views import divisions, drafts, plans


def routes(
    *,
    handed_in: plans.HandedIn,
    lacking: divisions.Lacking,
    counted: plans.CountedBy,
) -> list[URLPattern]:
    """The addresses of this room, with what rooms above it fill in."""
    return [
        path("ke-hoach/", plans.plans, name="plans"),
        path("ke-hoach/van-ban/", drafts.upload, name="upload"),
        path("ke-hoach/van-ban/<uuid:pk>/", drafts.draft, name="draft"),
        path("ke-hoach/van-ban/<uuid:pk>/tep/", drafts.draft_file, name="draft_file"),
        path(
            "ke-hoach/van-ban/<uuid:pk>/sua/<slug:section>/<slug:name>/", drafts.draft_item, name="draft_item"
        ),
        path("ke-hoach/van-ban/<uuid:pk>/xac-nhan/<slug:finding>/", drafts.draft_answer, name="draft_answer"),
        path("ke-hoach/van-ban/<uuid:pk>/bo/", drafts.draft_drop, name="draft_drop"),
        path("ke-hoach/van-ban/<uuid:pk>/mo/", drafts.draft_open, name="draft_open"),
        path("ke-hoach/<int:pk>/", plans.plan(handed_in, counted), name="plan"),
        path("ke-hoach/<int:pk>/lich-su/", plans.history, name="history"),
        path("ke-hoach/<int:pk>/ban/<int:ordinal>/tep/", plans.paper, name="paper"),
        path("ke-hoach/<int:pk>/chi-tieu/<slug:unit>/", plans.unit_targets, name="unit_targets"),
        path("ke-hoach/<int:pk>/chia/", divisions.divide(lacking), name="divide"),
        path("ke-hoach/chia/<uuid:pk>/", divisions.division, name="division"),
        path("ke-hoach/chia/<uuid:pk>/dieu-chinh/", divisions.amend, name="amend_by_division"),
        path("ke-hoach/nhiem-vu/<int:pk>/", plans.report_duty, name="report_duty"),
        path("ke-hoach/viec-da-lam/<uuid:pk>/bo/", plans.take_duty_report_back, name="take_duty_report_back"),
        path("ke-hoach/noi-nhan/<int:pk>/", plans.recipient, name="recipient"),
    ]
