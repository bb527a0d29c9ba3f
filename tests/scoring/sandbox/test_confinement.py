"""Code that runs behind the walls tries what it must not be able to do."""

import os
import platform
import signal
import tempfile
from pathlib import Path

import pytest

from scoring.sandbox import identity
from scoring.sandbox.confinement import ROOT
from tests.scoring.sandbox.confined import bare, confined

pytestmark = pytest.mark.needs("sandbox")
root_only = pytest.mark.skipif(os.getuid() != 0, reason="only root can change the user")


@pytest.fixture
def secret(tmp_path):
    """A file that anybody may read, as far as file modes go."""
    path = tmp_path / "secret"
    path.write_text("the private labels")
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    return path


@pytest.fixture
def scratch():
    """A writable folder where any user can reach it."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


def denied(done):
    """Whether a deed failed for lack of permission, and did not print its spoils."""
    assert done.returncode == 1, done
    return "PermissionError" in done.stderr and "private" not in done.stdout


class TestFiles:
    @pytest.mark.parametrize(
        "deed",
        [
            "print(open({path!r}).read())",
            "print(os.open({path!r}, os.O_WRONLY))",
            "print(os.listdir(os.path.dirname({path!r})))",
            "os.truncate({path!r}, 0)",
            "os.unlink({path!r})",
            "os.rename({path!r}, {path!r} + '2')",
            "os.link({path!r}, {path!r} + '2')",
            "open({path!r} + '2', 'w')",
            "os.mkdir({path!r} + '2')",
        ],
        ids=lambda deed: deed.split("(")[1 if deed.startswith("print") else 0],
    )
    def test_reaches_no_file_outside(self, secret, deed):
        done = confined(deed.format(path=str(secret)))

        assert denied(done)
        assert secret.read_text() == "the private labels"
        assert os.listdir(secret.parent) == ["secret"]

    @pytest.mark.parametrize(
        "path",
        [
            "/etc/passwd",
            "/proc/1/environ",
            "/proc/{parent}/environ",
            "/proc/{parent}/mem",
            "/proc/{parent}/maps",
            "/proc/self/root/etc/passwd",
            "/proc/sys/kernel/hostname",
            "/dev/kmsg",
            f"{ROOT}/manage.py",
            f"{ROOT}/pyproject.toml",
        ],
    )
    def test_reads_neither_the_system_nor_other_processes(self, path):
        assert denied(confined(f"open({path.format(parent=os.getpid())!r}).read()"))

    @pytest.mark.parametrize("path", ["/", "/proc", "/etc", "/tmp", str(ROOT)])
    def test_lists_no_folder_outside(self, path):
        assert denied(confined(f"print(os.listdir({path!r}))"))

    def test_follows_no_link_out_of_its_folder(self, secret, scratch):
        (scratch / "link").symlink_to(secret)

        done = confined(f"print(open({str(scratch)!r} + '/link').read())", scratch)

        assert denied(done)

    def test_makes_no_link(self, secret, scratch):
        code = f"os.symlink({str(secret)!r}, {str(scratch)!r} + '/link')"

        assert denied(confined(code, scratch))

    def test_writes_to_its_own_folder(self, scratch):
        code = f"open({str(scratch)!r} + '/mine', 'w').write('kept')"

        assert confined(code, scratch).returncode == 0
        assert (scratch / "mine").read_text() == "kept"

    def test_writes_nowhere_once_it_is_sealed(self, scratch):
        (scratch / "old").write_text("read me")
        (scratch / "old").chmod(0o644)
        code = (
            "confinement.seal()\n"
            f"print(open({str(scratch)!r} + '/old').read())\n"
            f"open({str(scratch)!r} + '/new', 'w')"
        )

        done = confined(code, scratch)

        assert denied(done)
        assert "read me" in done.stdout
        assert os.listdir(scratch) == ["old"]

    def test_still_imports_what_libraries_import_late(self):
        code = "import decimal, numpy.polynomial, safetensors; print('imported')"

        assert confined(code).stdout == "imported\n"

    def test_writes_no_file_beyond_its_limit(self, scratch):
        code = (
            f"out = open({str(scratch)!r} + '/big', 'wb', buffering=0)\n"
            "while True: out.write(bytes(100_000))"
        )

        done = confined(code, scratch, file_mb=1)

        assert "File too large" in done.stderr
        assert (scratch / "big").stat().st_size <= 1_000_000


class TestNetwork:
    @pytest.mark.parametrize(
        "code",
        [
            "socket.socket()",
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
            "socket.socket(socket.AF_UNIX)",
            "socket.socketpair()",
            "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        ],
    )
    def test_opens_no_socket(self, code):
        assert denied(confined(f"import socket\n{code}"))


class TestProcesses:
    @pytest.mark.parametrize(
        "code",
        [
            "os.fork()",
            "os.execv('/bin/true', ['true'])",
            "import subprocess; subprocess.run(['true'])",
            "os.posix_spawn('/bin/true', ['true'], {})",
            "syscalls.call('ptrace', 16, os.getppid(), 0, 0)",
            "syscalls.call('process_vm_readv', os.getppid(), 0, 0, 0, 0, 0)",
            "syscalls.call('unshare', 0x10000000)",
            "syscalls.call('io_uring_setup', 1, 0)",
            "syscalls.call('userfaultfd', 0)",
            "syscalls.call('bpf', 0, 0, 0)",
            "syscalls.call('mount', 0, 0, 0, 0, 0)",
            "syscalls.call('open_by_handle_at', 0, 0, 0)",
            "syscalls.call('clone', 17, 0, 0, 0, 0)",
        ],
    )
    def test_dies_of_what_only_an_attack_would_do(self, code):
        assert confined(code).returncode == -signal.SIGSYS

    @pytest.mark.skipif(platform.machine() != "x86_64", reason="x86-64 alone has x32")
    def test_has_no_second_set_of_system_calls(self):
        code = "syscalls._libc.syscall(0x40000000 + 39)"

        assert confined(code).returncode == -signal.SIGSYS

    @pytest.mark.parametrize(
        "code",
        [
            "os.kill(os.getppid(), 0)",
            "os.kill(os.getpid(), 9)",
            "syscalls.call('tgkill', os.getppid(), os.getppid(), 0)",
            "syscalls.prctl(identity.PR_SET_DUMPABLE, 1)",
            "import fcntl; fcntl.fcntl(0, 8, os.getppid())",
            "os.chmod('/proc/self', 0o777)",
            "os.setuid(0)",
            "os.nice(-5)",
            "os.sched_setaffinity(os.getppid(), {0})",
        ],
    )
    def test_acts_on_no_process_and_regains_no_right(self, code):
        assert denied(confined(code))

    def test_raises_no_limit(self):
        code = "import resource as r; r.setrlimit(r.RLIMIT_CORE, (0, 0))"

        done = confined(code)

        assert done.returncode == 1
        assert "not permitted" in done.stderr or "not allowed" in done.stderr

    def test_starts_threads_but_not_without_end(self):
        code = (
            "import threading, time\n"
            "t = threading.Thread(target=print, args=['ran']); t.start(); t.join()\n"
            "for n in range(5000):\n"
            "    threading.Thread(target=time.sleep, args=[5], daemon=True).start()\n"
        )

        done = confined(code, memory_mb=5_000)

        assert done.stdout.startswith("ran\n")
        assert "can't start new thread" in done.stderr

    def test_gets_no_more_memory_than_its_limit_and_a_margin(self):
        code = "kept = bytearray(4_000_000_000)"

        assert "MemoryError" in confined(code, memory_mb=100).stderr

    def test_has_every_wall_in_the_kernels_own_words(self):
        status = confined("print(open('/proc/self/status').read())").stdout

        lines = dict(line.split(":", 1) for line in status.splitlines() if line)
        assert int(lines["Seccomp"]) == 2
        assert int(lines["NoNewPrivs"]) == 1
        reading = 1 << identity.DAC_READ_SEARCH  # where Python lies in a closed folder
        assert int(lines["CapEff"], 16) | int(lines["CapPrm"], 16) in (0, reading)

    def test_is_not_put_up_around_a_process_with_threads(self):
        before = "import threading, time\n" + (
            "threading.Thread(target=time.sleep, args=[3], daemon=True).start()"
        )

        done = confined("print('confined')", before=before)

        assert "several threads cannot be confined" in done.stderr
        assert done.stdout == ""

    @root_only
    def test_is_a_user_of_its_own(self):
        code = "print(*os.getresuid(), *os.getresgid(), len(os.getgroups()))"

        *ids, groups = map(int, confined(code).stdout.split())
        assert min(ids) > 10_000 and groups == 0


class TestSingleWalls:
    """Each wall holds by itself, so that one of them may fail."""

    def test_landlock_denies_files_and_tcp(self, secret):
        code = (
            "import socket\n"
            "identity.gain_nothing(); landlock.restrict(confinement.code_folders())\n"
            "for deed in (\n"
            f"    lambda: open({str(secret)!r}),\n"
            "    lambda: socket.create_connection(('127.0.0.1', 9)),\n"
            "):\n"
            "    try: deed(); print('worked')\n"
            "    except PermissionError: print('denied')"
        )

        assert bare(code).stdout == "denied\ndenied\n"

    def test_seccomp_denies_sockets_and_processes(self):
        code = (
            "import socket\n"
            "identity.gain_nothing(); seccomp.install()\n"
            "try: socket.socket()\n"
            "except PermissionError: print('denied', flush=True)\n"
            "os.fork()"
        )

        done = bare(code)

        assert done.stdout == "denied\n"
        assert done.returncode == -signal.SIGSYS

    @root_only
    def test_another_user_cannot_read_what_is_closed_to_others(self, secret):
        secret.chmod(0o600)
        code = f"identity.become({1_999_000_001}, ['/usr'])\nopen({str(secret)!r})"

        assert denied(bare(code))

    @root_only
    def test_code_in_a_closed_folder_is_read_and_nothing_beside_it(self, tmp_path):
        closed = tmp_path / "closed"
        (closed / "code").mkdir(parents=True)
        (closed / "code" / "own_module.py").write_text("print('imported')")
        (closed / "secret").write_text("the private labels")
        (closed / "secret").chmod(0o600)
        closed.chmod(0o700)
        code = f"import own_module\nprint(open({str(closed / 'secret')!r}).read())"

        done = confined(code, extra=[str(closed / "code")])

        assert done.stdout == "imported\n"
        assert denied(done)


class TestMissing:
    def test_names_a_required_wall_that_failed(self):
        code = (
            "from scoring.sandbox import landlock\n"
            "landlock.abi = lambda: 0\n"
            "walls = confinement.Walls(2**30, 9.0, 2**20, None, None, os.getppid())\n"
            "layers = confinement.confine(walls)\n"
            "print([layer.name for layer in confinement.missing(layers)])"
        )

        assert bare(code).stdout == "['landlock']\n"
