"""Each test signs with keys of its own."""

import pytest


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.CREDENTIAL_KEYS = tmp_path / "credential-keys"
