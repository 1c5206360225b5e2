"""A Slurm cluster of one node on this machine, for the time of a test: munged, slurmctld and slurmd with their own
configuration, sockets and ports in one folder. Needs root (slurmd does) and the packages slurm-wlm and munge."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

CONFIG = """
ClusterName=chorale
SlurmctldHost=localhost
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,batch_sched_delay=0,default_queue_depth=100
MpiDefault=pmix
JobRequeue=1
ReturnToService=2
MinJobAge=3600
SlurmctldTimeout=300
SlurmdTimeout=300
KillWait=10
NodeName=localhost CPUs={cpus} RealMemory={memory} State=UNKNOWN
PartitionName=all Nodes=localhost Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Cluster:
    """Use as a context manager. `env` is what sbatch, squeue and srun need to find it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.processes = []
        self.env = dict(os.environ, SLURM_CONF=str(self.folder / "slurm.conf"))

    def __enter__(self):
        for tool in ("munged", "slurmctld", "slurmd", "sbatch", "srun"):
            if shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin") is None:
                raise RuntimeError(f"{tool} is missing: apt-get install slurm-wlm munge (./run setup does)")
        if os.geteuid() != 0:
            raise RuntimeError("slurmd needs root: run this test as root, or ctest -LE slurm without it")
        try:
            self._start_munge()
            self._start_slurm()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, command, **options):
        with open(self.folder / (Path(command[0]).name + ".out"), "wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env=self.env, **options)
        self.processes.append(process)
        return process

    def _start_munge(self):
        munge = self.folder / "munge"
        munge.mkdir()
        user = pwd.getpwnam("munge")
        key = munge / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        os.chmod(self.folder, 0o755)
        for path in (munge, key):
            os.chown(path, user.pw_uid, user.pw_gid)
        munge.chmod(0o755)
        self._start(["/usr/sbin/munged", "--foreground", "--force", f"--key-file={key}", f"--socket={munge}/socket",
                     f"--pid-file={munge}/pid", f"--log-file={munge}/log", f"--seed-file={munge}/seed"],
                    user=user.pw_uid, group=user.pw_gid, cwd=munge)
        self.wait_for(lambda: (munge / "socket").exists(), 20, "munged")

    def _start_slurm(self):
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
        cpus = max(os.cpu_count(), 2)
        (self.folder / "slurm.conf").write_text(CONFIG.format(
            folder=self.folder, ports=(free_port(), free_port()), cpus=cpus, memory=memory * 9 // 10))
        self._start(["/usr/sbin/slurmctld", "-D"])
        self._start(["/usr/sbin/slurmd", "-D", "-N", "localhost"])
        self.wait_for(lambda: "idle" in self.run("sinfo", "-h", "-o", "%T").stdout, 60, "the node to become idle")

    def run(self, *command, **options):
        return subprocess.run(command, env=self.env, text=True, capture_output=True, **options)

    def wait_for(self, condition, seconds, what):
        """Polls an outside process's state; fails loudly with the logs when it does not come."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                logs = "\n".join(f"--- {p.name}\n{p.read_text(errors='replace')[-2000:]}"
                                 for p in sorted(self.folder.glob("*.[lo]*")) if p.is_file())
                raise RuntimeError(f"waited {seconds} s for {what}\n{logs}")
            time.sleep(0.2)

    def field(self, job, name):
        out = self.run("scontrol", "show", "job", str(job)).stdout
        return dict(f.split("=", 1) for f in out.split() if "=" in f).get(name, "")

    def state(self, job):
        return self.field(job, "JobState"), self.field(job, "ExitCode")

    def wait_for_job(self, job, seconds):
        ended = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "DEADLINE", "OUT_OF_MEMORY"}
        self.wait_for(lambda: self.state(job)[0] in ended, seconds, f"job {job}")
        return self.state(job)
