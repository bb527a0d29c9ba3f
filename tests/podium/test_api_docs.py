"""The OpenAPI description and the page that shows it."""

import pytest
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.django_db


class TestSchema:
    def test_is_valid_and_raises_no_warning(self, tmp_path):
        file = tmp_path / "schema.yaml"

        call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))

        assert "/api/v1/competitions/{slug}/leaderboard.csv:" in file.read_text()

    def test_is_for_everybody_as_yaml_or_json(self):
        client = Client()

        yaml = client.get("/api/v1/schema/")
        json = client.get(
            "/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}
        )

        assert yaml.headers["Content-Type"].startswith("application/vnd.oai.openapi")
        paths = json.json()["paths"]
        assert "/api/v1/submissions/{id}/cancel/" in paths
        assert "default" in paths["/api/v1/tokens/"]["post"]["responses"]


class TestDocs:
    def test_holds_nothing_inline(self):
        response = Client().get("/api/v1/docs/")

        page = response.content.decode()
        assert response.status_code == 200
        assert "<style" not in page and "style=" not in page
        assert page.count("<script src=") == page.count("<script") == 3
        assert "://" not in page

    def test_brings_its_script_as_a_file_of_its_own(self):
        response = Client().get("/api/v1/docs/?script=")

        assert response.headers["Content-Type"].startswith("application/javascript")
        assert b"SwaggerUIBundle" in response.content
