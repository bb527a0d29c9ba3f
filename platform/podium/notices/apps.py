from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "podium.notices"
    label = "notices"

    def ready(self):
        from podium.accounts import personal
        from podium.notices.personal import keeper

        personal.register(self.label, keeper)
