"""What the tests of datasets are given: datasets, and uploads as programs send them."""

from io import BytesIO
from itertools import count

from podium.common.files import store_bytes
from podium.datasets import services
from podium.datasets.models import Dataset
from tests.factories import make_user

_number = count(1)
BOUNDARY = "podium-test"
CSV = b"x,word\n1,a\n2,b\n"


def make_dataset(owner=None, files: dict | None = None, **words) -> Dataset:
    """A public dataset with one small table, or with these files."""
    files = {"table.csv": CSV} if files is None else files
    return services.create_dataset(
        owner=owner or make_user(),
        files={path: store_bytes(content) for path, content in files.items()},
        **{"title": f"Dataset {next(_number)}", "visibility": "public", **words},
    )


def page_of(dataset: Dataset, rest: str = "") -> str:
    return f"/datasets/{dataset.owner.username}/{dataset.slug}/{rest}"


def api_of(dataset: Dataset, rest: str = "") -> str:
    return f"/api/v1{page_of(dataset, rest)}"


def body_of(files: list[tuple[str, bytes]], **fields: str) -> bytes:
    """A multipart body; unlike Django's client, names go out as they are."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        f"{value}\r\n".encode()
        for name, value in fields.items()
    ]
    for name, content in files:
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; '
            f'filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def send(client, address: str, files: list[tuple[str, bytes]], **fields: str):
    """Post files and fields as one form."""
    return send_body(client, address, body_of(files, **fields))


def send_body(client, address: str, body: bytes, length: int | None = None):
    """Post a body; `length` is what its head claims where that is not the truth."""
    headers = {}
    if length is not None:
        # Django's own stand-in for a connection knows no end that comes too early.
        headers = {"CONTENT_LENGTH": str(length), "wsgi.input": BytesIO(body)}
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return client.generic("POST", address, body, content_type=kind, **headers)
