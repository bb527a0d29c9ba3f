"""What code in a child would try, if a model ever got to run code of its own.

Each attack returns where it worked, and raises or dies where a wall stopped it. All of
them spare the machine they run on: with every layer away they really happen.
"""

import ctypes
import os
import resource
import socket
import time

from scoring.sandbox import identity, syscalls

NEW_MOUNTS = 0x00020000


def read_a_secret(target):
    with open(target["secret"]) as file:
        file.read()


def write_beside_it(target):
    with open(os.path.join(target["open_folder"], "marker"), "w") as file:
        file.write("here I was")


def list_processes(target):
    strangers = [each for each in os.listdir("/proc") if each.isdigit()]
    if strangers == [str(os.getpid())]:
        raise PermissionError("there is nobody else")


def signal_the_worker(target):
    os.kill(target["worker"], 0)


def connect_by_tcp(target):
    socket.create_connection(("127.0.0.1", target["port"]), 2).close()


def send_by_udp(target):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.connect(("127.0.0.1", target["port"]))
        end.send(b"a row")


def connect_by_name(target):
    with socket.socket(socket.AF_UNIX) as end:
        end.connect("\0" + target["name"])


def share_memory(target):
    if ctypes.CDLL(None, use_errno=True).shmget(target["key"], 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "shmget")


def fork(target):
    if os.fork() == 0:
        os._exit(0)


def run_a_program(target):
    os.execv("/bin/true", ["true"])


def make_a_namespace(target):
    syscalls.call("unshare", NEW_MOUNTS)


def be_root(target):
    os.setresuid(0, 0, 0)


def gain_privileges(target):
    with open("/proc/self/status") as file:
        if "NoNewPrivs:\t1" in file.read():
            raise PermissionError("no program gains privileges from here on")


def hold_capabilities(target):
    with open("/proc/self/status") as file:
        held = next(line for line in file if line.startswith("CapEff"))
    if not int(held.split()[1], 16) & ~(1 << identity.DAC_READ_SEARCH):
        raise PermissionError("no capability is left")


def take_memory(target):
    bytearray(2 * 2**30)


def open_without_end(target):
    for _ in range(resource.getrlimit(resource.RLIMIT_NOFILE)[1]):
        os.dup(0)
        if len(os.listdir("/proc/self/fd")) > 600:
            return


def write_a_huge_file(target):
    with open(f"{os.getcwd()}/huge", "wb") as file:
        file.write(bytes(3_000_000))


def fill_the_disk(target):
    for number in range(40):
        with open(f"{os.getcwd()}/part{number}", "wb") as file:
            file.write(bytes(900_000))


def find_a_descriptor(target):
    held = {each for each in os.listdir("/proc/self/fd") if is_open(each)}
    if held <= set(map(str, range(GIVEN))):
        raise PermissionError("nothing is open but what was given")


def is_open(descriptor):
    try:
        os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return False  # the listing's own
    return True


def find_a_secret(target):
    with open("/proc/self/environ") as file:
        if target["password"] not in file.read():
            raise PermissionError("the environment tells nothing")


def share_a_session(target):
    if os.getsid(0) == os.getpid() == os.getpgrp():
        raise PermissionError("it leads a session of its own")


def leave_a_sleeper(target):
    place = os.path.join(target["open_folder"], "sleeper")
    if os.fork() == 0:
        os.setsid()
        with open(place + ".new", "w") as file:
            file.write(str(os.getpid()))
        os.rename(place + ".new", place)
        time.sleep(60)
        os._exit(0)
    while not os.path.exists(place):
        time.sleep(0.01)


GIVEN = 6  # nothing, twice what is printed, the socket, the artifact, the ids
STOPPED_BY = {  # each attack, and the layers any of which stops it alone
    read_a_secret: {"own root", "landlock"},
    write_beside_it: {"own root", "landlock"},
    list_processes: {"process namespace", "landlock"},
    signal_the_worker: {"process namespace", "own user", "landlock", "seccomp"},
    connect_by_tcp: {"network namespace", "landlock", "seccomp"},
    send_by_udp: {"network namespace", "seccomp"},
    connect_by_name: {"network namespace", "landlock", "seccomp"},
    share_memory: {"ipc namespace", "seccomp"},
    fork: {"seccomp"},
    run_a_program: {"own root", "landlock", "seccomp"},
    make_a_namespace: {"own user", "seccomp"},
    be_root: {"own user", "seccomp"},
    hold_capabilities: {"own user"},
    gain_privileges: {"no new privileges"},
    take_memory: {"limits", "cgroup"},
    open_without_end: {"limits"},
    write_a_huge_file: {"limits", "own root"},
    fill_the_disk: {"own root"},
}
STOPPED_AROUND = (find_a_descriptor, find_a_secret, share_a_session, leave_a_sleeper)
ATTACKS = {attack.__name__: attack for attack in (*STOPPED_BY, *STOPPED_AROUND)}
LAYERS = (
    "user namespace",
    "process namespace",
    "network namespace",
    "own root",
    "cgroup",
    "ipc namespace",
    "limits",
    "own user",
    "no new privileges",
    "landlock",
    "seccomp",
)
