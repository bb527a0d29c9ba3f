"""Devices: what is there, what TensorFlow can use, and what competitions ask for."""

from django.conf import settings
from django.db import DatabaseError

from competitions import workers
from podium.site import workforce
from podium.site.doctor.finding import Finding, lacks, note, ok
from scoring.sandbox import gpu


def examine(about: str) -> list[Finding]:
    return [_device(about), _tensorflow(about), *_workers(about), *_wanted(about)]


def _device(about: str) -> Finding:
    found = [gpu.called(f"gpu:{number}") for number in gpu.present()]
    if not found:
        return ok(about, "There is no NVIDIA device; models run on the processor.")
    return ok(about, f"{', '.join(found)}; driver {gpu.driver() or 'unknown'}.")


def _tensorflow(about: str) -> Finding:
    build = gpu.tensorflow_build()
    if build is None:
        return lacks(about, "TensorFlow is not installed: make venv installs it.")
    version = workers.versions()["tensorflow"]
    told = f"TensorFlow {version} is built "
    if build.get("is_cuda_build"):
        told += f"for CUDA {build['cuda_version']} and cuDNN {build['cudnn_version']}"
    else:
        told += "for the processor alone"
    if gpu.present() and (reason := gpu.without_cuda()):
        return note(about, f"{told}, and leaves the device idle: {reason}.")
    return ok(about, f"{told}.")


def _workers(about: str) -> list[Finding]:
    try:
        found = workforce.devices(settings.DEVICES)
    except ValueError as error:
        return [lacks(about, str(error))]
    counted = {device: found.count(device) for device in found}
    told = ", ".join(
        f"{count} on {'the processor' if device == 'cpu' else device}"
        for device, count in counted.items()
    )
    return [ok(about, f"PODIUM_DEVICES={settings.DEVICES} makes workers: {told}.")]


def _wanted(about: str) -> list[Finding]:
    """Competitions that want a kind of device which no worker has."""
    try:
        here = workers.kinds() or {
            workforce.kind_of(device) for device in workforce.devices(settings.DEVICES)
        }
        return [
            lacks(about, workers.unserved_sentence(kind, slugs))
            for kind, slugs in workers.unserved(here).items()
        ]
    except (DatabaseError, ValueError):  # both are said where they belong
        return []
