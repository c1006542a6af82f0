"""Runs each line of its input, a JSON string of Python, and answers with a line of JSON."""
import ctypes
import json
import os
import resource
import signal
import sys
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1


def fork(work):
    """A child that does `work` and then nothing, until it is ended or this process is."""
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        # The parent may have ended before this one asked for the signal.
        if os.getppid() != parent:
            os._exit(0)
        os.closerange(0, 3)
        work()
        while True:
            signal.pause()
    return pid


def zombie():
    """A child that has ended and that its parent does not wait for."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    return pid


def ending(work):
    """A child that does `work` when the descriptor that is returned beside its PID is closed."""
    read, write = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)
        os.close(write)
        os.read(read, 1)
        exec(work)
        os._exit(99)
    os.close(read)
    return [pid, write]


def dump(folder):
    """Ends with a core dump, if the system writes one."""
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_CORE, (2**20, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    os.kill(os.getpid(), signal.SIGSEGV)


def watched(pid):
    """Whether a process holds this one by a pidfd."""
    for holder in filter(str.isdigit, os.listdir("/proc")):
        try:
            for fd in os.listdir(f"/proc/{holder}/fdinfo"):
                with open(f"/proc/{holder}/fdinfo/{fd}") as lines:
                    if f"Pid:\t{pid}\n" in lines.read():
                        return True
        except OSError:
            continue
    return False


def end(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def reserve():
    """A process that keeps this one's PID from the kernel when this one has ended, for it is of the same group."""
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    pid = os.fork()
    if pid == 0:
        signal.alarm(600)
        os.closerange(0, 3)
        while True:
            signal.pause()
    return pid


def start_ticks(pid):
    with open(f"/proc/{pid}/stat", "rb") as stat:
        return int(stat.read().rpartition(b")")[2].split()[19])


def recycle(pid):
    """Ends the child of this PID and makes another one that has it. False where an unrelated process holds the number."""
    before = start_ticks(pid)
    end(pid)
    for _ in range(2000):
        if os.path.exists(f"/proc/{pid}"):
            time.sleep(0.001)
            continue
        with open("/proc/sys/kernel/ns_last_pid", "w") as last:
            last.write(str(pid - 1))
        child = fork(lambda: None)
        if child == pid and start_ticks(pid) != before:
            return True
        end(child)
    return False


def thread():
    """The id of a thread that waits."""
    waiting = threading.Thread(target=threading.Event().wait, daemon=True)
    waiting.start()
    return waiting.native_id


def fork_in_thread():
    """A child that a thread has started, which waits from then on."""
    children = []
    has_started = threading.Event()

    def work():
        children.append(fork(lambda: None))
        has_started.set()
        threading.Event().wait()

    threading.Thread(target=work, daemon=True).start()
    has_started.wait()
    return children[0]


def rename(name):
    with open("/proc/self/comm", "wb") as comm:
        comm.write(name)


def answer(line):
    try:
        return {"value": eval(compile(line, "line", "eval"), globals())}
    except SyntaxError:
        exec(compile(line, "line", "exec"), globals())
        return {"value": None}


# readline and not iteration, which would read ahead.
for received in iter(sys.stdin.readline, ""):
    try:
        reply = answer(json.loads(received))
    except Exception as error:
        reply = {"error": repr(error)}
    print(json.dumps(reply, default=str))
