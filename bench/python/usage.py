"""One line of JSON: for each round, microseconds a process of a scan of what `ps aux` shows, by psutil."""

import json
import sys
import time

try:
    import psutil
except ImportError:
    print(json.dumps({"missing": True}))
    sys.exit(0)

FIELDS = ["name", "username", "cpu_times", "memory_info", "cmdline"]


def scan():
    began = time.perf_counter()
    count = sum(1 for _ in psutil.process_iter(FIELDS))
    return (time.perf_counter() - began) * 1e6 / count


most, seconds = int(sys.argv[1]), float(sys.argv[2])
until = time.perf_counter() + seconds
scan()
rounds = [scan()]
while len(rounds) < most and time.perf_counter() < until:
    rounds.append(scan())
print(json.dumps({"rounds": rounds, "version": psutil.__version__}))
