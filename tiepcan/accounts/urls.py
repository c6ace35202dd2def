from django.urls import path

from tiepcan.accounts import views

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", views.sign_in, name="sign_in"),
    path("dang-xuat/", views.sign_out, name="sign_out"),
    path("dat-mat-khau/", views.set_password, name="set_password"),
    path("lap-he-thong/", views.found, name="found"),
    path("tai-khoan/", views.people, name="people"),
    path("tai-khoan/them/", views.add_person, name="add_person"),
    path("tai-khoan/them-co-quan/", views.add_organisation, name="add_organisation"),
    path("tai-khoan/co-quan/<int:pk>/", views.rename_organisation, name="rename_organisation"),
    path("tai-khoan/<int:pk>/cap-ma/", views.renew_code, name="renew_code"),
    path("tai-khoan/<int:pk>/dong/", views.close_account, name="close_account"),
]
