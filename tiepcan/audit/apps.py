from django.apps import AppConfig


class Audit(AppConfig):
    name = "tiepcan.audit"
    label = "audit"
