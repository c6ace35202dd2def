from django.apps import AppConfig


class Config(AppConfig):
    name = "tiepcan.config"
    label = "config"
