"""The sandbox: which layers stand here, tried now, and what the others would need."""

import re
from pathlib import Path

from django.conf import settings

from podium.site.doctor.finding import Finding, lacks, note, ok
from scoring import sandbox
from scoring.sandbox import Layer, landlock

IS_FOR = {
    "user namespace": "rights that a run might gain count for nothing outside",
    "process namespace": "a run sees and signals no other process, and dies whole",
    "network namespace": "a run has no network device",
    "own root": "files that a run is not shown have no name; what it writes is bounded",
    "cgroup": "the kernel counts and bounds a run's memory and processes",
    "ipc namespace": "a run shares no memory with others",
    "limits": "memory, processor time, file size, threads and descriptors are bounded",
    "own user": "each run is a user that owns nothing",
    "no new privileges": "no program gives a run rights",
    "landlock": "every file but the libraries is closed to a run, and TCP",
    "seccomp": "a run can open no socket and start no process or program",
}
NAMES = {"ipc namespace": "IPC namespace", "cgroup": "cgroup"}
NAMESPACES = (
    "allow unprivileged user namespaces (sysctl user.max_user_namespaces, "
    "kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns), "
    "or start the workers as root"
)
WOULD_HELP = {
    "user namespace": NAMESPACES,
    "process namespace": NAMESPACES,
    "network namespace": NAMESPACES,
    "own root": NAMESPACES,
    "ipc namespace": NAMESPACES,
    "cgroup": "a systemd unit with Delegate=yes gives one, docs/operator.md has it",
    "own user": "a worker that is root can give each run a user of its own",
    "landlock": "it needs Linux 5.13 and landlock among /sys/kernel/security/lsm",
    "seccomp": "it needs a kernel with CONFIG_SECCOMP_FILTER, on x86-64 or aarch64",
}


def examine(about: str) -> list[Finding]:
    return [
        _mode(about),
        _kernel(about),
        *(_layer(about, each) for each in sandbox.layers()),
    ]


def _mode(about: str) -> Finding:
    required = ", ".join(sandbox.REQUIRED)
    if settings.SANDBOX == "unsafe":
        return note(
            about,
            "PODIUM_SANDBOX is unsafe: models run even where a layer is missing. Let "
            "nobody submit whom you would not give a shell.",
        )
    return ok(
        about,
        f"PODIUM_SANDBOX is strict: without {required} no model is run.",
    )


def _kernel(about: str) -> Finding:
    facts = [f"Landlock {landlock.abi() or 'none'}"]
    for name in (
        "user/max_user_namespaces",
        "kernel/unprivileged_userns_clone",
        "kernel/apparmor_restrict_unprivileged_userns",
    ):
        path = Path("/proc/sys") / name
        if path.exists():
            facts.append(f"{name.replace('/', '.')} = {path.read_text().strip()}")
    return ok(about, f"The kernel offers: {', '.join(facts)}.")


def _layer(about: str, layer: Layer) -> Finding:
    name = NAMES.get(layer.name, layer.name.capitalize())
    if layer.active:
        version = re.search(r"version \d+", layer.note)
        told = f" ({version.group()})" if version else ""
        return ok(about, f"{name}{told}: {IS_FOR.get(layer.name, layer.note)}.")
    help_ = WOULD_HELP.get(layer.name)
    told = f"{name} does not stand ({layer.note}){f': {help_}' if help_ else ''}."
    if layer.required and settings.SANDBOX == "strict":
        return lacks(about, told)
    return note(about, told if layer.required else f"{told} The others hold without.")
