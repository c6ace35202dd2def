from django.apps import AppConfig


class Reporting(AppConfig):
    name = "tiepcan.reporting"
    label = "reporting"
