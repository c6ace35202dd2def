from django.urls import path

from tiepcan.telecom import views

app_name = "telecom"
urlpatterns = [
    path("vien-thong/", views.months, name="months"),
    path("vien-thong/thue-bao/", views.subscriptions, name="subscriptions"),
    path("vien-thong/thue-bao/<uuid:pk>/", views.subscription, name="subscription"),
    path("vien-thong/thue-bao/<uuid:pk>/thoi/", views.end, name="end"),
    path("vien-thong/<uuid:pk>/", views.month, name="month"),
    path("vien-thong/<uuid:pk>/ho/<slug:figure>/", views.behind, name="behind"),
    path("vien-thong/<uuid:pk>/dong/<uuid:line>/", views.line, name="line"),
    path("vien-thong/<uuid:pk>/danh-dau/", views.marked, name="marked"),
    path("vien-thong/<uuid:pk>/chot/", views.close, name="close"),
    path("vien-thong/<uuid:pk>/bang-ke.docx", views.statement, name="statement"),
    path("vien-thong/<uuid:pk>/bang-ke.xlsx", views.workbook, name="workbook"),
]
