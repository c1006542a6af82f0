"""Samples what a monitor shows once a second by psutil, and prints a line after each sample."""

import sys
import time

try:
    import psutil
except ImportError:
    print("missing")
    sys.exit(0)

due = time.monotonic()
while True:
    # It keeps the processes of the last sample, whose processor time it compares with.
    for _ in psutil.process_iter(["name", "cpu_percent", "memory_info"]):
        pass
    print("sample", flush=True)
    due = max(due + 1, time.monotonic())
    time.sleep(max(0, due - time.monotonic()))
