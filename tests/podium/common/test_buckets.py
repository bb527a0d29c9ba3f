"""Files in a bucket: the S3 protocol against a server of this machine."""

import os
import socket
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import requests
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from podium.common import local_copies
from podium.common.bucket_urls import options_of
from podium.common.buckets import BucketStorage
from podium.common.downloads import send_file
from podium.common.files import store_bytes
from tests.journeys.instance import free_port, wait_until

CONTENT = bytes(range(256)) * 5_000  # 1.28 MB


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def server():
    """The address of an S3 server with one bucket."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    keys = {"AWS_ACCESS_KEY_ID": "podium", "AWS_SECRET_ACCESS_KEY": "not-secret"}
    before = {name: os.environ.get(name) for name in keys}
    os.environ.update(keys)
    try:
        wait_until(lambda: listens(port), timeout_s=60)
        address = f"http://127.0.0.1:{port}"
        client = boto3.client("s3", endpoint_url=address, region_name="us-east-1")
        client.create_bucket(Bucket="podium")
        yield address
    finally:
        process.terminate()
        process.wait(10)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@pytest.fixture
def bucket(server, settings, tmp_path):
    """Both stores in a bucket, and an empty folder for copies."""

    def use(more=""):
        options = options_of(f"s3://podium?endpoint={server}&region=us-east-1{more}")
        backend = "podium.common.buckets.BucketStorage"
        stores = {**settings.STORAGES}
        for name in ("private", "public"):
            stores[name] = {"BACKEND": backend, "OPTIONS": options}
        settings.STORAGES = stores
        settings.LOCAL_COPIES = tmp_path / "copies"
        return storages["private"]

    return use


class TestAddresses:
    def test_of_an_own_server(self):
        options = options_of("s3://models?endpoint=s3.example.org:9000&prefix=a/b")

        assert options["bucket_name"] == "models"
        assert options["endpoint_url"] == "https://s3.example.org:9000"
        assert options["addressing_style"] == "path"
        assert options["location"] == "a/b"
        assert options["links"]

    @pytest.mark.parametrize(
        ("url", "told"),
        [
            ("s3://?endpoint=x", "names no bucket"),
            ("s3://b?endpont=x", "unknown key “endpont”"),
        ],
    )
    def test_that_cannot_be_meant(self, url, told):
        with pytest.raises(ValueError, match=told):
            options_of(url)


@pytest.mark.django_db
class TestStoredFiles:
    def test_come_back_as_they_were(self, bucket):
        bucket()
        stored = store_bytes(CONTENT)

        with stored.open() as file:
            assert file.read() == CONTENT
            file.seek(-6, 2)
            assert file.read() == CONTENT[-6:]
            file.seek(1_000)
            assert file.read(10) == CONTENT[1_000:1_010]
        assert stored.local_path().read_bytes() == CONTENT

    def test_are_parted_by_prefix(self, bucket):
        first = bucket("&prefix=one")
        stored = store_bytes(b"some bytes")

        assert first.exists(stored.name)
        assert not bucket("&prefix=two").exists(stored.name)

    def test_that_are_gone_are_not_there(self, bucket):
        storage = bucket()
        stored = store_bytes(b"short-lived")
        storage.delete(stored.name)

        with pytest.raises(FileNotFoundError):
            stored.open()
        with pytest.raises(OSError, match="could not be fetched"):
            stored.local_path()

    def test_of_other_bytes_are_not_handed_out(self, bucket):
        storage = bucket()
        stored = store_bytes(b"what was kept")
        storage.save(stored.name, ContentFile(b"what lies there now"))

        with pytest.raises(OSError, match="with other bytes"):
            stored.local_path()
        assert not list(local_copies.settings.LOCAL_COPIES.rglob("*.part"))


@pytest.mark.django_db
class TestDownloads:
    def test_lead_to_the_bucket_for_some_minutes(self, bucket, rf):
        bucket()
        response = send_file(rf.get("/"), store_bytes(CONTENT), "my data.csv")

        assert response.status_code == 302
        assert response.headers["Cache-Control"] == "private, no-store"
        assert parse_qs(urlsplit(response.url).query)["X-Amz-Expires"] == ["300"]
        fetched = requests.get(response.url, headers={"Range": "bytes=5-9"}, timeout=10)
        assert fetched.status_code == 206
        assert fetched.content == CONTENT[5:10]
        assert 'filename="my data.csv"' in fetched.headers["Content-Disposition"]

    def test_come_through_the_site_where_links_are_off(self, bucket, rf):
        bucket("&links=0")
        stored = store_bytes(CONTENT)

        whole = send_file(rf.get("/"), stored, "a.bin")
        part = send_file(rf.get("/", headers={"Range": "bytes=-4"}), stored, "a.bin")

        assert b"".join(whole.streaming_content) == CONTENT
        assert part.status_code == 206
        assert b"".join(part.streaming_content) == CONTENT[-4:]


class TestReadiness:
    def test_of_a_bucket_that_is_there(self, bucket):
        bucket().assert_ready()

    def test_of_one_that_is_not(self, server):
        storage = BucketStorage(**options_of(f"s3://other?endpoint={server}"))

        with pytest.raises(OSError, match="bucket other"):
            storage.assert_ready()


class TestLocalCopies:
    def test_unused_for_longest_go_first(self, settings, tmp_path):
        settings.LOCAL_COPIES = tmp_path
        ages = {"old": 9_000, "older": 10_000, "new": 10}
        for name, age in ages.items():
            path = tmp_path / name
            path.write_bytes(bytes(1_000))
            at = path.stat().st_mtime - age
            os.utime(path, (at, at))

        local_copies.prune(2_000)
        assert {path.name for path in tmp_path.iterdir()} == {"old", "new"}
        local_copies.prune(0)
        assert {path.name for path in tmp_path.iterdir()} == {"new"}
