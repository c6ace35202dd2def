from django.apps import AppConfig


class Web(AppConfig):
    name = "tiepcan.web"
    label = "web"
