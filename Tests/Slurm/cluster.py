"""A throw-away cluster of Slurm on this machine: every node a process namespace of its own, which can be killed whole.

Nothing of it is reached from outside: all daemons listen on 127.0.0.1. Needs root, and Debian's slurmctld slurmd slurm-client munge.
"""
import os
import pathlib
import secrets
import signal
import subprocess
import time

# Why each line is there: NoInAddrAny binds loopback alone; linuxproc and task/none need no cgroups; config_overrides lets few cores pose as
# many; the rest makes a lost node known in seconds rather than minutes.
CONFIGURATION = """\
ClusterName=smnas
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/munge.socket,cred_expire=5
CredType=cred/munge
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmctldPidFile={folder}/run/slurmctld.pid
SlurmdPidFile={folder}/run/slurmd.%n.pid
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/slurmd.%n.log
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
MailProg=/bin/true
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/log/jobs.log
PropagateResourceLimits=NONE
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
SlurmdParameters=config_overrides
SlurmdTimeout=4
KillWait=2
MessageTimeout=5
MinJobAge=60
UnkillableStepTimeout=10
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=n[1-{nodes}] NodeHostname=localhost NodeAddr=127.0.0.1 Port=[{first}-{last}] CPUs={slots} RealMemory=64000 State=UNKNOWN
PartitionName=work Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=2
"""


class Cluster:
    def __init__(self, folder, nodes=4, slots=2, port=17000):
        self.folder = pathlib.Path(folder)
        # munged refuses a socket below a folder that others cannot enter.
        self.folder.chmod(0o755)
        self.names = [f"n{number}" for number in range(1, nodes + 1)]
        self.processes = {}
        for name in ["etc", "run", "log", "state", "munge"] + [f"spool/{name}" for name in self.names]:
            (self.folder / name).mkdir(parents=True)
        (self.folder / "etc/cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
        (self.folder / "etc/slurm.conf").write_text(CONFIGURATION.format(
            folder=self.folder, port=port, nodes=nodes, first=port + 1, last=port + nodes, slots=slots))
        # What slurmctld binds follows from the machine's name: the daemons live where that is localhost.
        host = self.folder / "run/host.sh"
        host.write_text('#!/bin/sh\nhostname localhost; exec "$@"\n')
        host.chmod(0o755)
        self.host = ["unshare", "--uts", str(host)]
        self.environment = dict(os.environ, SLURM_CONF=str(self.folder / "etc/slurm.conf"))

    def __enter__(self):
        key = self.folder / "munge/key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o600)
        munge = self.folder / "munge"
        self.start("munged", [
            "munged", "-F", f"--key-file={key}", f"--socket={munge}/munge.socket", f"--pid-file={munge}/munged.pid",
            f"--log-file={munge}/munged.log", f"--seed-file={munge}/seed"])
        self.wait(lambda: (munge / "munge.socket").is_socket(), "munged")
        self.start_controller()
        for name in self.names:
            self.start_node(name)
        self.wait(lambda: self.states() == ["idle"] * len(self.names), "the nodes")
        return self

    def __exit__(self, *_):
        for name in self.names + ["slurmctld", "munged"]:
            self.kill(name)

    def start(self, name, words):
        with open(self.folder / f"log/{name}.out", "ab") as log:
            self.processes[name] = subprocess.Popen(
                words, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def start_controller(self):
        self.start("slurmctld", self.host + ["slurmctld", "-D"])

    def start_node(self, name):
        self.start(name, self.host + [
            "unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "slurmd", "-D", "-N", name])

    def kill(self, name):
        """Ends a daemon at once; with a node everything that runs on it."""
        process = self.processes.pop(name, None)
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def is_alive(self, name):
        return name in self.processes and self.processes[name].poll() is None

    def call(self, *words, check=False):
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, timeout=60, check=check).stdout

    def states(self):
        return self.call("sinfo", "-h", "-N", "-p", "work", "-o", "%T").split()

    def wait(self, condition, what, seconds=30):
        end = time.monotonic() + seconds
        while not condition():
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise RuntimeError(f"{name} ended with {process.returncode}; see {self.folder}/log")
            if time.monotonic() > end:
                raise RuntimeError(f"{what} did not come up in {seconds} seconds; see {self.folder}/log")
            time.sleep(0.1)
