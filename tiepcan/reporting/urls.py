from django.urls import path

from tiepcan.reporting import views

app_name = "reporting"
urlpatterns = [
    path("tong-quan/", views.overview, name="overview"),
    path("tong-quan/<int:pk>/", views.overview, name="overview_of"),
    path("tong-quan/<int:pk>/don-vi/<slug:unit>/", views.unit, name="unit"),
    path("tong-quan/<int:pk>/luy-ke/<slug:indicator>/", views.progress, name="progress"),
    path("so-lieu/<int:pk>/<slug:indicator>/<slug:figure>/", views.behind, name="behind"),
    path("thoi-han/", views.deadlines, name="deadlines"),
    path("thoi-han/<int:pk>/<slug:unit>/", views.hand_in, name="hand_in"),
    path("bao-cao/", views.reports, name="reports"),
    path("bao-cao/<uuid:pk>/", views.report, name="report"),
    path("bao-cao/<uuid:pk>/tep/", views.report_file, name="report_file"),
]
