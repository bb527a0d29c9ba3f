from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "podium.site.reports"
    label = "reports"
