"""A program run as a user would: alone or under mpirun, watched by what it writes."""

import os
import signal
import subprocess
import time
from pathlib import Path

BIN = Path(os.environ["CHORALE_BIN"])
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMP_NUM_THREADS="1")
DEADLINE = 120  # seconds; far beyond what any job here takes


def children(pid):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return sorted(found)


class Job:
    """One run of a program of the project. ranks=0: without mpirun. indifferent: mpirun leaves the other ranks alone
    when one dies, as srun --kill-on-bad-exit=0 does. `before` runs in the new process."""

    def __init__(self, program, *arguments, ranks=0, indifferent=False, env=None, before=None):
        launcher = ["mpirun", "-n", str(ranks), "--oversubscribe"] if ranks else []
        launcher += ["--enable-recovery"] if indifferent else []
        self.ranks = ranks
        self.process = subprocess.Popen([*launcher, BIN / program, *arguments], env={**ENVIRONMENT, **(env or {})},
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        preexec_fn=before, restore_signals=False)  # SIGXFSZ stays ignored

    def wait(self):
        self.stdout, self.stderr = self.process.communicate(timeout=DEADLINE)
        self.status = self.process.returncode
        return self.status

    def wait_until(self, condition):
        """Looks until the condition holds; an error when the job ends before."""
        end = time.monotonic() + DEADLINE
        while not condition():
            if self.process.poll() is not None:
                raise AssertionError(f"the job ended too early: {self.process.communicate()}")
            if time.monotonic() > end:
                raise AssertionError("the job does not get that far")
            time.sleep(0.0005)

    def rank_pids(self):
        return children(self.process.pid) if self.ranks else [self.process.pid]

    def kill(self):
        """kill -9 of everything at once, as when a node loses power."""
        for pid in [self.process.pid, *self.rank_pids()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        return self.wait()
