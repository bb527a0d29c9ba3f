from django.apps import AppConfig


class CompetitionsConfig(AppConfig):
    name = "competitions"

    def ready(self):
        from competitions.personal import keeper
        from competitions.uses import panel
        from podium.accounts import personal
        from podium.datasets import panels

        personal.register(self.label, keeper)
        panels.register(panel)
