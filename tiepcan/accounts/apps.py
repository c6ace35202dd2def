from django.apps import AppConfig


class Accounts(AppConfig):
    name = "tiepcan.accounts"
    label = "accounts"
