from django.apps import AppConfig


class TelephoneConfig(AppConfig):
    name = "sportello.telephone"
