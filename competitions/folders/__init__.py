"""A competition on disk: checked as a whole, imported as a whole, published, exported.

docs/competition-folder.md describes the format for hosts.
"""

from competitions.folders.exporting import export_files, export_folder, zip_of
from competitions.folders.faults import Fault, FolderFaults
from competitions.folders.importing import (
    assert_may_host,
    import_files,
    import_folder,
)
from competitions.folders.publishing import publish

__all__ = [
    "Fault",
    "FolderFaults",
    "assert_may_host",
    "export_files",
    "export_folder",
    "import_files",
    "import_folder",
    "publish",
    "zip_of",
]
