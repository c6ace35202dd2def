from django.urls import path

from tiepcan.supports import views

app_name = "supports"
urlpatterns = [
    path("ket-qua/ghi/", views.record, name="record"),
    path("ket-qua/cho-xac-minh/", views.to_verify, name="to_verify"),
    path("ket-qua/<uuid:pk>/", views.outcome, name="outcome"),
    path("ket-qua/<uuid:pk>/xac-minh/", views.verify, name="verify"),
    path("ket-qua/<uuid:pk>/tra-lai/", views.give_back, name="give_back"),
    path("ket-qua/<uuid:pk>/bo-sung/", views.answer, name="answer"),
    path("ket-qua/<uuid:pk>/minh-chung/", views.add_evidence, name="add_evidence"),
    path("ket-qua/<uuid:pk>/rut/", views.withdraw, name="withdraw"),
    path("ket-qua/<uuid:pk>/lich-su/", views.history, name="history"),
    path("minh-chung/<uuid:pk>/", views.evidence, name="evidence"),
]
