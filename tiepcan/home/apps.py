from django.apps import AppConfig


class Home(AppConfig):
    name = "tiepcan.home"
    label = "home"
