from django.urls import path

from tiepcan.verification import views

app_name = "verification"
urlpatterns = [
    path("xac-minh/", views.rounds, name="rounds"),
    path("xac-minh/mo-dot/", views.announce, name="announce"),
    path("xac-minh/<uuid:pk>/", views.one, name="round"),
    path("xac-minh/<uuid:pk>/rut-mau/", views.draw, name="draw"),
    path("xac-minh/<uuid:pk>/mau/<slug:status>/", views.sample, name="sample"),
    path("xac-minh/<uuid:pk>/danh-sach.csv", views.listed, name="listed"),
    path("xac-minh/<uuid:pk>/ky/", views.sign, name="sign"),
    path("xac-minh/<uuid:pk>/bien-ban.docx", views.minutes, name="minutes"),
    path("xac-minh/<uuid:pk>/lich-su/", views.history, name="history"),
    path("xac-minh/phieu/<int:pk>/", views.visit, name="visit"),
    path("xac-minh/phieu/<int:pk>/chap-nhan/", views.accept, name="accept"),
    path("xac-minh/phieu/<int:pk>/khong-tinh/", views.reject, name="reject"),
]
