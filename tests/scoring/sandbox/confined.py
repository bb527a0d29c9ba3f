"""Runs a piece of code behind the sandbox's walls, in a bare and quick child."""

import json
import os
import subprocess
import sys
from pathlib import Path

from scoring.sandbox import identity
from scoring.sandbox.confinement import ENVIRONMENT, ROOT

SECONDS = 20
_WITH_WALLS = """
import json, os, sys
sys.path.append({root!r})
sys.path += {extra!r}
from scoring.sandbox import confinement, landlock, limits, seccomp, identity, syscalls
walls = confinement.Walls(**json.loads(sys.argv[1]))
{before}
layers = confinement.confine(walls)
assert not confinement.missing(layers), layers
{code}
"""
_BARE = """
import os, sys
sys.path.append({root!r})
from scoring.sandbox import confinement, landlock, limits, seccomp, identity, syscalls
{code}
"""


def confined(code, scratch=None, before="", extra=(), memory_mb=500, file_mb=1):
    """Run code with every wall up; its result has returncode, stdout and stderr."""
    user = None
    if os.getuid() == 0:
        known = Path("/proc/self/uid_map").read_text()
        user = identity.own_user(os.getpid(), known)
    if scratch is not None and user is not None:
        os.chown(scratch, user, user)
    walls = {
        "memory_bytes": memory_mb * 1_000_000,
        "cpu_seconds": 10.0,
        "file_bytes": file_mb * 1_000_000,
        "scratch": scratch and str(scratch),
        "user": user,
        "parent": os.getpid(),
    }
    script = _WITH_WALLS.format(
        root=str(ROOT), extra=list(extra), before=before, code=code
    )
    return _python(script, json.dumps(walls))


def bare(code):
    """Run code that puts up single walls by itself."""
    return _python(_BARE.format(root=str(ROOT), code=code))


def _python(script, *arguments):
    return subprocess.run(
        [sys.executable, "-I", "-B", "-c", script, *arguments],
        env=ENVIRONMENT,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
    )
