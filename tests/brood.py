"""A module for `tiepcan.intake.nursery` to try its children with: each does what its first argument says."""

import os
import resource
import sys
import time

from tiepcan.intake.child import limit


def say(*words: object) -> None:
    sys.stdout.write(f"{' '.join(map(str, words))}\n")
    sys.stdout.flush()


def main() -> None:
    wanted = sys.argv[1]
    say(os.getpid(), os.getppid())
    if wanted == "hang":
        time.sleep(600)
    if wanted == "die":
        os.abort()
    limit(cpu_seconds=7, memory=2**30)
    if wanted == "echo":
        say(sys.stdin.read(), resource.getrlimit(resource.RLIMIT_CPU)[0], len(os.listdir("/proc/self/fd")))
    if wanted == "write":
        open("must-not-be", "w")  # noqa: SIM115 - it is refused
    if wanted == "fork":
        os.fork()
    if wanted == "grow":
        bytearray(2 * 2**30)
    say("whole")
