from django.apps import AppConfig


class Telecom(AppConfig):
    name = "tiepcan.telecom"
    label = "telecom"
