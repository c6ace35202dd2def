from django.urls import path
from django.views.decorators.http import require_safe

from tiepcan.accounts.doors import open_to_signed_in
from tiepcan.home import views
from tiepcan.web.views import gallery

app_name = "home"
urlpatterns = [
    path("", views.home, name="home"),
    path("giao-dien/", open_to_signed_in(require_safe(gallery)), name="gallery"),
    path("suc-khoe/", views.health, name="health"),
]
