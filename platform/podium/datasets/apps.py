from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "podium.datasets"
    label = "datasets"

    def ready(self):
        """Declare the actors, and tell accounts what is kept of people here."""
        from podium.accounts import personal
        from podium.datasets import actors  # noqa: F401  declares itself to the broker
        from podium.datasets.personal import keeper

        personal.register(self.label, keeper)
