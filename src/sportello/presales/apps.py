from django.apps import AppConfig


class PresalesConfig(AppConfig):
    name = "sportello.presales"
