from django.apps import AppConfig


class Units(AppConfig):
    name = "tiepcan.units"
    label = "units"
