"""The system-call filter: what predicting needs is allowed, everything else is not.

A harmless call that is not on the list fails with EPERM, so that libraries can go on
without it. One that only an attack would make kills the process with SIGSYS. There is
no socket, no new process, no other program, and nothing that acts on other processes.
The layout of the program is that of Linux, Documentation/userspace-api/
seccomp_filter.rst and include/uapi/linux/{filter,seccomp,audit}.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

from scoring.sandbox import syscalls

_ALLOWED = """
    access arch_prctl brk clock_getres clock_gettime clock_nanosleep close
    copy_file_range dup dup2 dup3 epoll_create1 epoll_ctl epoll_pwait epoll_wait
    eventfd2 exit exit_group faccessat faccessat2 fadvise64 fdatasync flock fstat
    fstatfs fsync ftruncate futex get_mempolicy get_robust_list getcpu getcwd
    getdents64 getegid geteuid getgid getgroups getpgid getpgrp getpid getppid
    getrandom getresgid getresuid getrlimit getrusage getsid gettid gettimeofday
    getuid landlock_add_rule landlock_create_ruleset landlock_restrict_self lseek
    lstat madvise membarrier mincore mkdir mkdirat mlock mmap mprotect mremap
    munlock munmap nanosleep newfstatat open openat pipe pipe2 poll ppoll pread64
    pselect6 pwrite64 read readlink readlinkat readv recvmsg rename renameat
    renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigprocmask rt_sigreturn
    sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getparam
    sched_getscheduler sched_yield select sendfile set_robust_list set_tid_address
    sigaltstack stat statfs statx sysinfo time times truncate umask uname unlink
    unlinkat write writev
"""
_KILLED = """
    add_key bpf chroot delete_module execve execveat finit_module fork fsmount
    fsopen init_module io_uring_enter io_uring_register io_uring_setup kexec_load
    keyctl mount move_mount open_by_handle_at open_tree perf_event_open pidfd_getfd
    pivot_root process_vm_readv process_vm_writev ptrace reboot request_key setns
    umount2 unshare userfaultfd vfork
"""
TRIED_BY_CUDA = ("execve", "fork", "vfork")
ALLOWED, KILLED = _ALLOWED.split(), _KILLED.split()
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000
CLONE_THREAD = 0x00010000
SET_MODE_FILTER, FLAG_TSYNC = 1, 1

RET_KILL_PROCESS = 0x80000000
RET_ALLOW = 0x7FFF0000
RET_ERRNO = 0x00050000
DENY = RET_ERRNO | errno.EPERM

# Offsets in struct seccomp_data; arguments are 64-bit, low half first on both machines.
NUMBER, ARCH, ARGUMENTS = 0, 4, 16
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

PR_SET_NAME, PR_GET_NAME, PR_SET_VMA = 15, 16, 0x53564D41
F_SETOWN, F_SETOWN_EX = 8, 15


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def install(for_gpu: bool = False) -> None:
    """Put the filter on every thread of this process. There is no way back."""
    code = program(os.getpid(), for_gpu)
    buffer = ctypes.create_string_buffer(code, len(code))
    loaded = _Program(len(code) // 8, ctypes.addressof(buffer))
    stray = syscalls.call("seccomp", SET_MODE_FILTER, FLAG_TSYNC, ctypes.byref(loaded))
    if stray:
        raise OSError(errno.ESRCH, f"seccomp: thread {stray} could not be filtered")


def program(pid: int, for_gpu: bool = False) -> bytes:
    """The filter for one process, as the kernel reads it.

    For a GPU ioctl is open, since the driver is driven by it (Landlock says on which
    nodes), and what the driver's library tries on the way, a helper program or a
    socket, is refused instead of killing the process.
    """
    refused = _line(RETURN, DENY if for_gpu else RET_KILL_PROCESS)
    killed = _line(RETURN, RET_KILL_PROCESS)
    control = _line(RETURN, RET_ALLOW if for_gpu else RET_ERRNO | errno.ENOTTY)
    lines = [
        _line(LOAD, ARCH),
        _line(EQUAL, AUDIT_ARCH[platform.machine()], 1, 0),
        _line(RETURN, RET_KILL_PROCESS),
        _line(LOAD, NUMBER),
    ]
    if platform.machine() == "x86_64":
        lines += [_line(AT_LEAST, X32_BIT, 0, 1), _line(RETURN, RET_KILL_PROCESS)]
    for name in ALLOWED:
        lines += _when(name, [_line(RETURN, RET_ALLOW)])
    for name in KILLED:
        lines += _when(name, [refused if name in TRIED_BY_CUDA else killed])
    # clone3 hides its flags behind a pointer; glibc falls back to clone.
    lines += _when("clone3", [_line(RETURN, RET_ERRNO | errno.ENOSYS)])
    lines += _when("ioctl", [control])
    lines += _when("clone", _thread_only(refused))
    lines += _when("prlimit64", _argument_is(2, 0))  # reading limits, not setting them
    lines += _when("tgkill", _argument_is(0, pid))  # abort() signals its own process
    lines += _when("prctl", _argument_is(0, PR_SET_NAME, PR_GET_NAME, PR_SET_VMA))
    lines += _when("fcntl", _argument_is_not(1, F_SETOWN, F_SETOWN_EX))
    return b"".join([*lines, _line(RETURN, DENY)])


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _when(name: str, body: list[bytes]) -> list[bytes]:
    """Run a body, which must return, for one system call."""
    number = syscalls.number(name)
    return [] if number is None else [_line(EQUAL, number, 0, len(body)), *body]


def _thread_only(refused: bytes) -> list[bytes]:
    return [
        _line(LOAD, ARGUMENTS),
        _line(ANY_BIT, CLONE_THREAD, 0, 1),
        _line(RETURN, RET_ALLOW),
        refused,
    ]


def _argument_is(place: int, *values: int) -> list[bytes]:
    """Allow a call whose argument is one of some 32-bit values."""
    low = ARGUMENTS + 8 * place
    body = [_line(LOAD, low + 4), _line(EQUAL, 0, 1, 0), _line(RETURN, DENY)]
    body.append(_line(LOAD, low))
    for value in values:
        body += [_line(EQUAL, value, 0, 1), _line(RETURN, RET_ALLOW)]
    return [*body, _line(RETURN, DENY)]


def _argument_is_not(place: int, *values: int) -> list[bytes]:
    """Allow a call unless the low half of its argument is one of some values."""
    body = [_line(LOAD, ARGUMENTS + 8 * place)]
    for value in values:
        body += [_line(EQUAL, value, 0, 1), _line(RETURN, DENY)]
    return [*body, _line(RETURN, RET_ALLOW)]
