"""The system calls that Python 3.11 has no name for: namespaces, mounts, capabilities, Landlock."""

import ctypes
import os
from pathlib import Path

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x00020000,
    0x04000000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
_CAPSET = {"x86_64": 126, "aarch64": 91}
_LANDLOCK = 444  # create_ruleset, then add_rule and restrict_self; the same number on every architecture

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> int:
    result = getattr(_libc, name)(*arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def unshare(flags: int) -> None:
    """Leave the namespaces in `flags` for new ones."""
    _call("unshare", flags)


def setns(handle: int, flags: int) -> None:
    """Enter the namespace behind the descriptor `handle`, which is of the kind `flags`, or of any with 0."""
    _call("setns", handle, flags)


def mount(source: str, target: str, kind: str | None, flags: int = 0, options: str = "") -> None:
    """mount(2)."""
    _call(
        "mount",
        source.encode(),
        target.encode(),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )


def umount(target: str) -> None:
    """Take `target` out of the tree of mounts, now for everybody and for good once nobody uses it."""
    _call("umount2", target.encode(), MNT_DETACH)


def prctl(option: int, value: int = 0) -> int:
    """prctl(2)."""
    return _call("prctl", option, *(ctypes.c_ulong(number) for number in (value, 0, 0, 0)))


def own_user_namespace() -> None:
    """Enter a new user namespace in which this process keeps its uid and gid, with all capabilities."""
    uid, gid = os.geteuid(), os.getegid()
    unshare(NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def drop_capabilities() -> None:
    """Give up every capability, for good."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # the last one of this kernel is behind us, or there is none to drop
            break
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    number = _CAPSET.get(os.uname().machine)
    if number is None:
        return
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _call("syscall", ctypes.c_long(number), header, (ctypes.c_uint32 * 6)())


def landlock_abi() -> int:
    """The version of Landlock that this kernel offers; 0 for none."""
    try:
        return _call("syscall", ctypes.c_long(_LANDLOCK), None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    except OSError:
        return 0


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


_READ = 0b1101  # execute, read a file, read a folder
_ON_FILES = 0b111 | 1 << 14 | 1 << 15  # what can be allowed on a file: no folder's rights


def landlock(read: list[str], write: list[str], *, network: bool) -> int:
    """Let this process and its children read beneath `read` and write beneath `write`, and nothing else.

    Without `network`, no TCP either, where the kernel can. Gives the version used; 0: there is no Landlock.
    Binds the calling thread, so it has to be called before there are others. Needs no_new_privs.
    """
    abi = landlock_abi()
    if not abi:
        return 0
    every = (1 << 13) - 1  # version 1; then refer, truncate, ioctl on devices
    every |= (1 << 13 if abi >= 2 else 0) | (1 << 14 if abi >= 3 else 0) | (1 << 15 if abi >= 5 else 0)
    rules = _Ruleset(every, 3 if abi >= 4 and not network else 0, 3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = _call(
        "syscall", ctypes.c_long(_LANDLOCK), ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0)
    )
    try:
        for paths, allowed in ((read, _READ), (write, every)):
            for path in paths:
                _allow(ruleset, path, allowed)
        _call("syscall", ctypes.c_long(_LANDLOCK + 2), ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)
    return abi


def _allow(ruleset: int, path: str, allowed: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no rule
    try:
        rule = _Beneath(allowed if os.path.isdir(path) else allowed & _ON_FILES, handle)
        _call(
            "syscall",
            ctypes.c_long(_LANDLOCK + 1),
            ctypes.c_int(ruleset),
            ctypes.c_int(1),
            ctypes.byref(rule),
            ctypes.c_uint32(0),
        )
    finally:
        os.close(handle)
