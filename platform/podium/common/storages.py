"""Where files lie: a private and a public folder, addressed by content."""

import os
import tempfile
from pathlib import Path
from uuid import uuid4

from django.core.files.move import file_move_safe
from django.core.files.storage import FileSystemStorage


class FolderStorage(FileSystemStorage):
    """A folder that only its owner may read and that no URL reaches.

    A file appears under its name whole or not at all, and is on disk when `save`
    returns: a submission's row must never outlive its artifact.
    """

    def __init__(self, location):
        super().__init__(
            location=location,
            base_url=None,
            file_permissions_mode=0o600,
            directory_permissions_mode=0o700,
        )

    def get_available_name(self, name, max_length=None):
        """The name itself: it says the content, so what lies there is the same."""
        return name

    def assert_ready(self) -> None:
        """Raise OSError where the folder takes no file."""
        folder = Path(self.location)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part") as file:
            file.write(b"ready?")
            os.fsync(file.fileno())

    def _save(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{uuid4().hex}.part")
        if hasattr(content, "temporary_file_path"):
            file_move_safe(content.temporary_file_path(), part)
        else:
            with part.open("wb") as handle:
                for chunk in content.chunks(1 << 20):
                    handle.write(chunk)
        part.chmod(0o600)
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        part.replace(path)
        return name
