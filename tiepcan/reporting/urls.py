from django.urls import path

from tiepcan.reporting.views import consolidated, dates, evaluation, figures, filings

app_name = "reporting"
urlpatterns = [
    path("tong-quan/", figures.overview, name="overview"),
    path("tong-quan/<int:pk>/", figures.overview, name="overview_of"),
    path("tong-quan/<int:pk>/don-vi/<slug:unit>/", figures.unit, name="unit"),
    path("tong-quan/<int:pk>/luy-ke/<slug:indicator>/", figures.progress, name="progress"),
    path("so-lieu/<int:pk>/<slug:indicator>/<slug:figure>/", figures.behind, name="behind"),
    path("thoi-han/", dates.deadlines, name="deadlines"),
    path("thoi-han/nhac/", dates.address, name="address"),
    path("thoi-han/dinh-ky/<int:pk>/", dates.recurrences, name="recurrences"),
    path("thoi-han/dinh-ky/viec/<int:pk>/", dates.recurrence, name="recurrence"),
    path("thoi-han/lich/<str:key>.ics", dates.feed, name="feed"),
    path("thoi-han/<int:pk>/<slug:unit>/", dates.hand_in, name="hand_in"),
    path("bao-cao/", consolidated.reports, name="reports"),
    path("bao-cao/danh-gia/<int:pk>/", evaluation.evaluation, name="evaluation"),
    path("bao-cao/danh-gia/<int:pk>/du-thao/", evaluation.draft, name="next_plan"),
    path("bao-cao/ky/<int:pk>/<slug:period>/", filings.of_all, name="period"),
    path("bao-cao/ky/<int:pk>/<slug:period>/mo/", filings.open_mine, name="open_filing"),
    path("bao-cao/ky/<int:pk>/<slug:period>/nhac/", filings.chase, name="chase"),
    path("bao-cao/cua/<uuid:pk>/", filings.one, name="filing"),
    path("bao-cao/cua/<uuid:pk>/viet/", filings.write, name="write_filing"),
    path("bao-cao/cua/<uuid:pk>/tep/", filings.paper, name="filing_paper"),
    path("bao-cao/cua/<uuid:pk>/<slug:step>/", filings.take, name="take_filing"),
    path("bao-cao/<uuid:pk>/", consolidated.report, name="report"),
    path("bao-cao/<uuid:pk>/tep/", consolidated.report_file, name="report_file"),
    path("bao-cao/<uuid:pk>/xac-nhan/", consolidated.confirmation, name="report_confirmation"),
    path("bao-cao/<uuid:pk>/van-ban/", consolidated.draft_paper, name="draft_paper"),
    path("bao-cao/<uuid:pk>/<slug:step>/", consolidated.take, name="take_report"),
]
