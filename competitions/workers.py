"""Which workers there are: what they tell of themselves, and what follows from it."""

import platform
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib import metadata

from django.db.models.functions import Now

from competitions.models import Competition, Worker
from scoring.sandbox import Layer, gpu

BEAT_S = 5.0
GONE = timedelta(seconds=30)  # not seen for so long: it is dead
STOPPED = ""  # the sandbox of a worker that was told to stop
FORGOTTEN = timedelta(days=1)
LIBRARIES = ("tensorflow", "keras", "ai-edge-litert", "onnxruntime")


@dataclass(frozen=True)
class SandboxStatus:
    """How models are shut in here, as the workers that live have found it."""

    mode: str  # strict, unsafe, or both where workers differ; empty without any
    layers: tuple[Layer, ...]  # a layer that one worker lacks does not stand
    workers: int
    seen_at: datetime | None

    @property
    def is_unsafe(self) -> bool:
        return "unsafe" in self.mode

    @property
    def active(self) -> list[Layer]:
        return [layer for layer in self.layers if layer.active]

    @property
    def lacking(self) -> list[Layer]:
        return [layer for layer in self.layers if not layer.active]

    @property
    def lacks_required(self) -> bool:
        return any(layer.required for layer in self.lacking)


def enter(name: str, device: str, sandbox: str, layers: list[Layer]) -> None:
    """Put a worker that starts on the list, and strike those long gone."""
    Worker.objects.filter(seen_at__lt=Now() - FORGOTTEN).delete()
    Worker.objects.update_or_create(
        name=name,
        defaults={
            "device": device,
            "device_name": "" if device == "cpu" else gpu.called(device),
            "sandbox": sandbox,
            "layers": [asdict(layer) for layer in layers],
            "versions": versions(device),
            "started_at": Now(),
            "seen_at": Now(),
        },
    )


def beat(name: str) -> int:
    """Say that a worker lives; 0 where it is not on the list."""
    return Worker.objects.filter(name=name).update(seen_at=Now())


def leave(name: str) -> None:
    """Count a worker as gone that was told to stop; it is remembered for a while."""
    Worker.objects.filter(name=name).update(seen_at=Now(), sandbox=STOPPED)


def alive():
    """The workers that were seen a moment ago, by the database's clock."""
    return Worker.objects.filter(seen_at__gte=Now() - GONE).exclude(sandbox=STOPPED)


def kinds() -> set[str]:
    """The kinds of device that live workers have: cpu, gpu."""
    return {
        device.partition(":")[0] for device in alive().values_list("device", flat=True)
    }


def unserved(here: set[str]) -> dict[str, list[str]]:
    """Competitions that take submissions, by a kind of device that no worker has."""
    missing = {"cpu", "gpu"} - here
    rows = Competition.objects.open().filter(device__in=missing).order_by("slug")
    found: dict[str, list[str]] = {}
    for slug, kind in rows.values_list("slug", "device"):
        found.setdefault(kind, []).append(slug)
    return found


def unserved_sentence(kind: str, slugs: list[str]) -> str:
    """What to say of competitions whose submissions no worker here can run."""
    named = ", ".join(slugs[:5]) + (" and others" if len(slugs) > 5 else "")
    who = "competitions want" if len(slugs) > 1 else "a competition wants"
    return (
        f"No worker has a {kind.upper()}, but {who} one ({named}): submissions there "
        "cannot be run. Start such a worker, or set the device to any."
    )


def kinds_to_wake(device: str) -> set[str]:
    """Whose queues a wake for some device belongs in: those that somebody reads.

    Where no worker is known, as before the first one is up, the device's own.
    """
    wanted = {"cpu", "gpu"} if device == "any" else {device}
    here = kinds()
    return wanted & here if here else {"gpu" if device == "gpu" else "cpu"}


def sandbox_status() -> SandboxStatus:
    """How models are shut in, from what live workers told; one query."""
    found = list(alive().order_by("pk"))
    merged: dict[str, Layer] = {}
    for worker in found:
        for each in worker.layers:
            layer = Layer(**each)
            known = merged.get(layer.name)
            if known is None or (known.active and not layer.active):
                merged[layer.name] = layer
    return SandboxStatus(
        mode=" and ".join(sorted({worker.sandbox for worker in found})),
        layers=tuple(merged.values()),
        workers=len(found),
        seen_at=max((worker.seen_at for worker in found), default=None),
    )


def versions(device: str = "cpu") -> dict[str, str]:
    """What a worker scores with, by name; nothing is imported for it."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    if device != "cpu" and (driver := gpu.driver()):
        found["driver"] = driver
    return found
