from django.apps import AppConfig


class Devices(AppConfig):
    name = "tiepcan.devices"
    label = "devices"
