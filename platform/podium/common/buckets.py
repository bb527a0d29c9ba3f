"""Files in buckets of an S3-compatible store, by django-storages.

Programs of ours that need a path read a copy of this machine (`local_copies`);
everything else streams.
"""

import io

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

LINK_SECONDS = 300
_ATTEMPTS = 4  # of one request, with growing pauses between them
_CONNECT_S, _READ_S = 5, 30
_MISSING = {"404", "NoSuchKey", "NotFound"}


class BucketStorage(S3Storage):
    """A bucket whose objects are named by their content."""

    def __init__(self, *, links: bool = True, **options):
        style = options.pop("addressing_style", None)
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": style} if style else {},
            retries={"max_attempts": _ATTEMPTS, "mode": "standard"},
            connect_timeout=_CONNECT_S,
            read_timeout=_READ_S,
            # Checksums of newer clients that some servers do not know yet
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            client_config=config,
            default_acl=None,
            file_overwrite=True,
            querystring_auth=True,
            querystring_expire=LINK_SECONDS,
            **options,
        )
        self.links = links

    @property
    def client(self):
        """The S3 client of this thread."""
        return self.connection.meta.client

    def get_available_name(self, name, max_length=None):
        """The name itself: it says the content, so what lies there is the same."""
        return name

    def _open(self, name, mode="rb"):
        if mode != "rb":
            raise ValueError(f"a kept file is only read, not opened as {mode!r}")
        raw = _Remote(self.client, self.bucket_name, self._key(name))
        return File(io.BufferedReader(raw, 1 << 20), name)

    def download(self, name: str, path) -> None:
        """Write an object to a path of this machine."""
        try:
            self.client.download_file(self.bucket_name, self._key(name), str(path))
        except (BotoCoreError, ClientError) as error:
            raise OSError(f"{name} could not be fetched: {error}") from error

    def link(self, name: str, disposition: str, content_type: str) -> str:
        """An address from which anybody can fetch the object for some minutes."""
        return self.client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self.bucket_name,
                "Key": self._key(name),
                "ResponseContentDisposition": disposition,
                "ResponseContentType": content_type,
            },
            ExpiresIn=LINK_SECONDS,
        )

    def assert_ready(self) -> None:
        """Raise OSError where the bucket cannot be reached."""
        try:
            self.client.head_bucket(Bucket=self.bucket_name)
        except (BotoCoreError, ClientError) as error:
            raise OSError(f"bucket {self.bucket_name}: {error}") from error

    def _key(self, name: str) -> str:
        return self._normalize_name(name)


class _Remote(io.RawIOBase):
    """An object read from where one stands: a seek asks for another range."""

    def __init__(self, client, bucket: str, key: str):
        self._client, self._object = client, {"Bucket": bucket, "Key": key}
        try:
            self._size = client.head_object(**self._object)["ContentLength"]
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                raise FileNotFoundError(key) from error
            raise OSError(f"{key}: {error}") from error
        except BotoCoreError as error:
            raise OSError(f"{key}: {error}") from error
        self._at = 0
        self._body = None

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self._at

    def seek(self, offset, whence=io.SEEK_SET):
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}
        wanted = base[whence] + offset
        if wanted != self._at:
            self._let_go()
            self._at = wanted
        return self._at

    def readinto(self, buffer):
        if self._at >= self._size:
            return 0
        try:
            if self._body is None:
                given = self._client.get_object(
                    **self._object, Range=f"bytes={self._at}-"
                )
                self._body = given["Body"]
            read = self._body.read(len(buffer))
        except (BotoCoreError, ClientError) as error:
            self._let_go()
            raise OSError(f"{self._object['Key']}: {error}") from error
        buffer[: len(read)] = read
        self._at += len(read)
        return len(read)

    def close(self):
        self._let_go()
        super().close()

    def _let_go(self):
        if self._body is not None:
            self._body.close()
            self._body = None
