"""Give up everything: namespaces, limits, capabilities and system calls of a learner's process.

bubblewrap has made the outer walls (read-only root, no network, nothing of the teacher's in view);
this makes the inner ones, anew for each learner's process, in about a millisecond.
"""

import ctypes
import errno
import os
import resource
import tempfile
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)

_NEWUSER, _NEWPID = 0x10000000, 0x20000000
_MOUNT_UTS_IPC_NET = 0x20000 | 0x4000000 | 0x8000000 | 0x40000000
_NOSUID_NODEV, _RDONLY, _REC_PRIVATE = 2 | 4, 1, 0x4000 | 0x40000
_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 4, 24, 38
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, _INSTRUCTION = 22, 2, 8
_CAPABILITY_VERSION_3 = 0x20080522

# On top of the namespaces: nothing in a course of numpy needs any of these. Processes and threads
# are here because RLIMIT_NPROC is not enforced for every user; memory that outlives its mapping
# (memfd, System V) because RLIMIT_AS does not count it.
DENIED = [
    "fork",
    "vfork",
    "clone",
    "execve",
    "execveat",
    "kill",
    "tkill",
    "tgkill",
    "pidfd_open",
    "pidfd_getfd",
    "pidfd_send_signal",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "memfd_create",
    "memfd_secret",
    "shmget",
    "shmat",
    "shmctl",
    "semget",
    "semop",
    "msgget",
    "msgsnd",
    "mq_open",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "kcmp",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    "unshare",
    "setns",
    "keyctl",
    "add_key",
    "request_key",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "open_by_handle_at",
    "name_to_handle_at",
    "acct",
    "swapon",
    "swapoff",
    "reboot",
    "syslog",
    "personality",
    "vmsplice",
    "quotactl",
    "landlock_create_ruleset",
    "sched_setaffinity",
    "setpriority",
    "sched_setscheduler",
    "sched_setattr",
    "ioprio_set",
    "fanotify_init",
    "inotify_init",
    "inotify_init1",
    "inotify_add_watch",
    "lookup_dcookie",
    "nfsservctl",
    "settimeofday",
    "clock_settime",
    "adjtimex",
    "clock_adjtime",
    "sethostname",
    "setdomainname",
    "iopl",
    "ioperm",
    "modify_ldt",
]


class Jail:
    """The inner walls, for one fork server and all its children.

    What the children have in common is made once, by the server; each still gets user, process, mount,
    network, IPC and host-name namespaces of its own.
    """

    def __init__(self) -> None:
        self.filter = SyscallFilter()
        self.processes = -1

    def enter(self) -> None:
        """Go on as process 1 of a process namespace that is the server's own.

        There it has the right to make a further one for each child and to come back; what called this
        only waits for its end.
        """
        into_user_namespace(_NEWPID)
        server = os.fork()
        if server:
            os._exit(os.waitstatus_to_exitcode(os.waitpid(server, 0)[1]) & 255)
        self.processes = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def fork(self) -> int:
        """A child that is process 1 of a new namespace: its end kills everything that it left."""
        _check(_libc.unshare(_NEWPID), "unshare")
        child = -1
        try:
            child = os.fork()
        finally:
            if child:
                _check(_libc.setns(self.processes, _NEWPID), "setns")
        return child

    def confine(self, base: int, limits: dict[str, Any]) -> None:
        """In the child: give up everything that is left."""
        into_user_namespace(_MOUNT_UTS_IPC_NET)
        private_folders(limits["disk_mb"])
        limit_resources(base, limits)
        drop_privileges()
        self.filter.load()


def into_user_namespace(more: int) -> None:
    """Leave for a fresh user namespace, with full rights there and none outside, and for `more`."""
    user, group = os.getuid(), os.getgid()
    _check(_libc.unshare(_NEWUSER | more), "unshare")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"1000 {user} 1"),
        ("gid_map", f"1000 {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def become_nobody() -> None:
    """Root starts the fork server; from here on it is nobody, with no way back."""
    nobody = 65534
    os.setgroups([])
    os.setresgid(nobody, nobody, nobody)
    os.setresuid(nobody, nobody, nobody)
    _libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)  # or /proc/self/uid_map would still belong to root


def private_folders(megabytes: int) -> None:
    """Empty /tmp, /dev/shm and /proc of its own: the only places that can be written to."""
    _check(_libc.mount(None, b"/", None, _REC_PRIVATE, None), "mount /")
    _tmpfs("/tmp", f"size={megabytes}m,nr_inodes=2048,mode=0777")
    _tmpfs("/dev/shm", "size=1m,nr_inodes=64,mode=0777")
    _tmpfs("/proc", "size=4k,nr_inodes=2", _RDONLY)
    os.chdir("/tmp")


def limit_resources(base: int, limits: dict[str, Any]) -> None:
    """Hard limits; `base` is the address space that the warm process already has."""
    disk = limits["disk_mb"] << 20
    wanted = {
        "RLIMIT_AS": base + (limits["memory_mb"] << 20),
        "RLIMIT_CPU": limits["cpu_seconds"],
        "RLIMIT_FSIZE": disk,
        "RLIMIT_NOFILE": 64,
        "RLIMIT_CORE": 0,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_SIGPENDING": 64,
    }
    for name, value in wanted.items():
        if hasattr(resource, name):
            kind = getattr(resource, name)
            resource.setrlimit(kind, (value, value))


def drop_privileges() -> None:
    """No new privileges, no capabilities, no core for others to read."""
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    for capability in range(64):
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _check(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


class SyscallFilter:
    """The system calls of `DENIED` refused, compiled once by the server; `load` puts it on for good."""

    def __init__(self) -> None:
        import pyseccomp

        rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
        # no such call, so that libc falls back to clone
        rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
        for name in DENIED:
            try:
                rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
            except OSError as error:
                if error.errno not in (errno.EINVAL, errno.EDOM, errno.EFAULT):
                    raise
                # not a system call of this architecture
        with tempfile.TemporaryFile() as file:
            rules.export_bpf(file)
            file.seek(0)
            code = file.read()
        self.code = ctypes.create_string_buffer(code, len(code))
        self.program = _Program(len(code) // _INSTRUCTION, ctypes.addressof(self.code))

    def load(self) -> None:
        """Needs no_new_privs. Raises `OSError`."""
        program = ctypes.byref(self.program)
        _check(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program, 0, 0), "seccomp")


class _Program(ctypes.Structure):
    """`struct sock_fprog` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def address_space() -> int:
    """Bytes of address space that this process has."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # no /proc (macOS, unsafe mode only): half a terabyte is no limit there
        return 1 << 39


def _tmpfs(target: str, options: str, flags: int = 0) -> None:
    _check(
        _libc.mount(b"tmpfs", target.encode(), b"tmpfs", _NOSUID_NODEV | flags, options.encode()),
        f"mount {target}",
    )


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
