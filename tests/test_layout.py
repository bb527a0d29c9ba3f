"""Who may import whom, and that the standard library's `platform` stays reachable."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

TOP = [
    "podium.settings",
    "podium.urls",
    "podium.api_urls",
    "podium.wsgi",
    "podium.worker",
    "podium.housekeeper",
    "podium.broker",
    "podium.site",
    "podium.demo",
    "podium.kaggle",
]
# Each package may import itself and what stands behind it; TOP may import everything.
BELOW = {
    "podium.apps": {"podium.broker"},
    "podium.portfolio": {
        *("competitions", "podium.community", "podium.datasets"),
        *("podium.credentials", "podium.notices", "podium.accounts"),
        *("podium.common", "scoring"),
    },
    "podium.credentials": {
        *("competitions", "podium.community", "podium.datasets"),
        *("podium.notices", "podium.accounts", "podium.common", "scoring"),
    },
    "competitions": {
        *("podium.community", "podium.notices", "podium.datasets"),
        *("podium.accounts", "podium.common", "scoring"),
    },
    "podium.datasets": {
        *("podium.community", "podium.notices", "podium.accounts", "podium.common"),
    },
    "podium.community": {"podium.notices", "podium.accounts", "podium.common"},
    "podium.notices": {"podium.accounts", "podium.common"},
    "podium.accounts": {"podium.common"},
    "podium.common": set(),
    "scoring": set(),
}
SITE_ONLY = ("django", "rest_framework", "allauth", "dramatiq", "knox", "psycopg")
MODEL_LIBRARIES = ("tensorflow", "keras", "ai_edge_litert", "onnxruntime", "tf_keras")


def modules():
    for top, source in (
        ("competitions", ROOT),
        ("scoring", ROOT),
        ("podium", ROOT / "platform"),
    ):
        for path in sorted((source / top).rglob("*.py")):
            # What a participant of the demo runs to train a model is no part of ours.
            parts = path.relative_to(source).parts
            if parts[:2] == ("podium", "demo") and len(parts) > 3:
                continue
            yield ".".join(path.relative_to(source).with_suffix("").parts), path


def imports(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def package_of(name: str) -> str | None:
    known = [*TOP, *BELOW]
    return next((package for package in known if is_in(name, package)), None)


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: str(value))
def test_imports_only_downward(name, path):
    package = package_of(name)
    if package in TOP or name in ("podium", "podium.__init__"):
        return

    for imported in imports(path):
        target = package_of(imported)
        assert target in {None, package, *BELOW[package]}, f"{name} imports {imported}"
        if package == "scoring":
            assert not imported.startswith(SITE_ONLY), f"{name} imports {imported}"


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: str(value))
def test_model_libraries_stay_in_the_sandbox(name, path):
    if is_in(name, "scoring.sandbox"):
        return

    found = {imported.split(".")[0] for imported in imports(path)}
    assert not found & set(MODEL_LIBRARIES)


def test_the_standard_librarys_platform_is_not_shadowed():
    code = "import platform, uuid; print(platform.python_version())"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert not (ROOT / "platform" / "__init__.py").exists()
