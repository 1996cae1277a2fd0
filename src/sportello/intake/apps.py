from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "sportello.intake"
