from django.urls import path

from tiepcan.devices.views import given, papers, stock

app_name = "devices"
urlpatterns = [
    path("thiet-bi/", stock.devices, name="devices"),
    path("thiet-bi/so/<slug:figure>/", stock.behind, name="behind"),
    path("thiet-bi/nhap-xuat/", stock.ledger, name="ledger"),
    path("thiet-bi/loai/them/", stock.add_kind, name="add_kind"),
    path("thiet-bi/nhan/", stock.receive, name="receive"),
    path("thiet-bi/cap/", stock.issue, name="issue"),
    path("thiet-bi/cam-ket/them/", papers.promise, name="promise"),
    path("thiet-bi/cam-ket/<uuid:pk>/", papers.pledge, name="pledge"),
    path("thiet-bi/cam-ket/<uuid:pk>/thoi/", papers.end_pledge, name="end_pledge"),
    path("thiet-bi/cam-ket/<uuid:pk>/cong-van/", papers.remind, name="remind"),
    path("thiet-bi/de-nghi/", papers.needs, name="needs"),
    path("thiet-bi/de-nghi/<slug:indicator>/<slug:figure>/<str:unit>/", papers.in_need, name="in_need"),
    path("thiet-bi/may/<uuid:pk>/", stock.device, name="device"),
    path("thiet-bi/may/<uuid:pk>/lich-su/", stock.history, name="history"),
    path("thiet-bi/may/<uuid:pk>/<slug:step>/", stock.take, name="take"),
    path("thiet-bi/ban-giao/", given.hand_over_to, name="hand_over_to"),
    path("thiet-bi/ban-giao/<uuid:pk>/", given.hand_over, name="hand_over"),
    path("thiet-bi/ban-giao/<uuid:pk>/bien-ban/", given.minutes, name="minutes"),
    path("thiet-bi/ban-giao/<uuid:pk>/hoan-tac/", given.undo, name="undo"),
    path("thiet-bi/ban-giao/<uuid:pk>/tinh-trang/", given.ask, name="ask"),
    path("thiet-bi/hoi-lai/", given.to_ask, name="to_ask"),
]
