from django.urls import path

from tiepcan.standards import views

app_name = "standards"
urlpatterns = [
    path("chuan-ngheo/", views.standards, name="standards"),
    path(
        "chuan-ngheo/<slug:standard>/cach-hieu/<slug:indicator>/", views.choose_reading, name="choose_reading"
    ),
]
