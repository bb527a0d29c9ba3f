from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "podium.credentials"
    label = "credentials"

    def ready(self):
        from podium.accounts import personal
        from podium.credentials.personal import keeper

        personal.register(self.label, keeper)
