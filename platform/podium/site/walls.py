"""The sandbox of models, for processes that read other files of strangers."""

import os

from scoring.sandbox.confinement import Walls, confine, missing


def raise_walls(memory_bytes: int, cpu_seconds: int) -> None:
    """Shut this process in: no other file, no network, no other process, for ever.

    Where a layer is missing that the sandbox of models needs, nothing is read.
    """
    layers = confine(
        Walls(
            memory_bytes=memory_bytes,
            cpu_seconds=cpu_seconds,
            file_bytes=0,
            scratch=None,
            user=None,
            parent=os.getppid(),
        )
    )
    if lacking := missing(layers):
        told = "; ".join(f"{layer.name}: {layer.note}" for layer in lacking)
        raise RuntimeError(f"a required layer of the sandbox failed: {told}")
