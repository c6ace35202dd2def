from django.apps import AppConfig


class Standards(AppConfig):
    name = "tiepcan.standards"
    label = "standards"
