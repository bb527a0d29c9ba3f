from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "podium.portfolio"
    label = "portfolio"

    def ready(self):
        """Tell datasets which projects use them, and accounts what is kept here."""
        from podium.accounts import personal
        from podium.datasets import panels
        from podium.portfolio.panels import panel
        from podium.portfolio.personal import keeper

        panels.register(panel)
        personal.register(self.label, keeper)
