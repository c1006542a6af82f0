"""Makes trees of processes that end with this one's input: prints the PIDs of each as JSON for every line, a word and numbers.

  tree DEPTH WIDTH        a tree beneath this process
  storm RATE              a child that forks children that live on, so many a second, and ignores SIGTERM
  escape                  a child of a new session whose child is orphaned; prints [leader, orphan]
"""
import ctypes
import json
import os
import signal
import sys
import time

libc = ctypes.CDLL(None)


def rest():
    while True:
        signal.pause()


def make(depth, width, write):
    os.write(write, f"{os.getpid()}\n".encode())
    if depth > 0:
        for _ in range(width):
            if os.fork() == 0:
                make(depth - 1, width, write)
    rest()


def tree(depth, width):
    read, write = os.pipe()
    count = sum(width**level for level in range(depth + 1))
    if os.fork() == 0:
        os.close(read)
        make(depth, width, write)
    os.close(write)
    lines = os.fdopen(read)
    return [int(lines.readline()) for _ in range(count)]


def storm(rate):
    pid = os.fork()
    if pid != 0:
        return [pid]
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        if os.fork() == 0:
            signal.alarm(60)
            rest()
        time.sleep(1 / rate)


def escape():
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        middle = os.fork()
        if middle == 0:
            orphan = os.fork()
            if orphan == 0:
                os.close(write)
                signal.alarm(60)
                rest()
            os.write(write, f"{orphan}\n".encode())
            os._exit(0)
        os.waitpid(middle, 0)
        os.close(write)
        rest()
    os.close(write)
    # At its end the leader has waited for the one between them.
    return [pid, int(os.fdopen(read).read())]


for line in sys.stdin:
    name, *numbers = line.split()
    print(json.dumps(globals()[name](*map(int, numbers))), flush=True)
