from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "sportello.imports"
