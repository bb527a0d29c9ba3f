from django.apps import AppConfig


class PodiumConfig(AppConfig):
    """Installs the broker before any app declares an actor."""

    name = "podium"
    label = "podium"

    def ready(self):
        from podium import broker  # reads settings, so not before they are ready

        broker.install()
