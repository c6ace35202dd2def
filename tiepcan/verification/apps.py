from django.apps import AppConfig


class Verification(AppConfig):
    name = "tiepcan.verification"
    label = "verification"
