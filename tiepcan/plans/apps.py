from django.apps import AppConfig


class Plans(AppConfig):
    name = "tiepcan.plans"
    label = "plans"
