from django.apps import AppConfig


class Supports(AppConfig):
    name = "tiepcan.supports"
    label = "supports"
