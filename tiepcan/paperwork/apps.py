from django.apps import AppConfig


class Paperwork(AppConfig):
    name = "tiepcan.paperwork"
    label = "paperwork"
