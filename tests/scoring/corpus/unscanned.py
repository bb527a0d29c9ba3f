"""Fork servers whose children check nothing beforehand, so that only the walls hold.

No look at archives, configurations, graphs or HDF5 before they are loaded, and Keras
without its safe mode: what the static checks refuse goes on to the layers.
"""

import sys
from contextlib import contextmanager
from unittest import mock

from scoring.sandbox import fork_servers, forkserver, server

CODE = server._CODE.replace("scoring.sandbox.forkserver", __name__)
LOADERS = "scoring.sandbox.loaders"


def main(control):
    """In the server: fork children that do without the static checks."""
    serve = forkserver.child.main

    def child_main(*given):
        unscan()
        serve(*given)

    forkserver.child.main = child_main
    forkserver.main(control)


def unscan():
    """In a child: take every static check away, where its library is there at all."""
    from scoring import archive

    nothing = lambda *given: None  # noqa: E731
    archive.check_zip = archive._check_names = archive._check_ratio = nothing
    if f"{LOADERS}.keras_file" not in sys.modules:
        return
    from scoring.sandbox.loaders import hdf5_scan, keras_file, scan

    scan.check_keras_config = scan.check_graph = nothing
    hdf5_scan.check_structure = keras_file.check_zip = nothing
    safe = keras_file.keras.saving.load_model
    keras_file.keras.saving.load_model = lambda path, **how: safe(
        path, **{**how, "safe_mode": False}
    )


@contextmanager
def servers():
    """Within this, runs go to such servers."""
    fork_servers.close()
    with mock.patch.object(server, "_CODE", CODE):
        yield
    fork_servers.close()
