from django.urls import path

from tiepcan.accounts.doors import open_to_signed_in
from tiepcan.home import views
from tiepcan.web.views import gallery

app_name = "home"
urlpatterns = [
    path("", views.home, name="home"),
    path("giao-dien/", open_to_signed_in(gallery), name="gallery"),
    path("suc-khoe/", views.health, name="health"),
]
