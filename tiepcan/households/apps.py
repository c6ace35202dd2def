from django.apps import AppConfig


class Households(AppConfig):
    name = "tiepcan.households"
    label = "households"
