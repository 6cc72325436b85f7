"""A throw-away cluster of Slurm on this machine: every node a process namespace of its own, which can be killed whole.

Nothing of it is reached from outside: all daemons listen on 127.0.0.1, or in networks of their own whose links can be cut. Needs root, and
Debian's slurmctld slurmd slurm-client munge, and iproute2 for links.
"""
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import time

# Why each line is there: NoInAddrAny binds loopback alone; linuxproc and task/none need no cgroups; config_overrides lets few cores pose as
# many; the rest makes a lost node known in seconds rather than minutes.
CONFIGURATION = """\
ClusterName=smnas
SlurmctldHost=localhost({controller})
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/munge.socket,cred_expire=5
CredType=cred/munge
{listening}
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
{places}
PartitionName=work Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=2
"""


NODE = "NodeName={name} NodeHostname=localhost NodeAddr={address} Port={port} CPUs={slots} RealMemory=64000 State=UNKNOWN"


class Links:
    """A network namespace for the controller, with a bridge, and one for each node, with a link to it that can be cut."""

    def __init__(self, names):
        self.names = names
        self.spaces = {name: f"smnas-{name}" for name in ["ctl"] + names}

    def address(self, name):
        return "10.89.0.1" if name == "ctl" else f"10.89.0.{10 + self.names.index(name)}"

    def inside(self, name):
        """The words that run a program where a node, or the controller, is. Not `ip netns exec`, which hides /sys from slurmd."""
        return ["nsenter", f"--net=/run/netns/{self.spaces[name]}"]

    def make(self):
        self.remove()

        def ip(*words):
            subprocess.run(["ip", *words], check=True, capture_output=True)

        center = self.spaces["ctl"]
        for space in self.spaces.values():
            ip("netns", "add", space)
            ip("-n", space, "link", "set", "lo", "up")
        ip("-n", center, "link", "add", "br0", "type", "bridge")
        ip("-n", center, "addr", "add", f"{self.address('ctl')}/24", "dev", "br0")
        ip("-n", center, "link", "set", "br0", "up")
        for name in self.names:
            space = self.spaces[name]
            ip("-n", center, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", space)
            ip("-n", center, "link", "set", name, "master", "br0", "up")
            ip("-n", space, "addr", "add", f"{self.address(name)}/24", "dev", "eth0")
            ip("-n", space, "link", "set", "eth0", "up")

    def cut(self, name, is_cut):
        subprocess.run(["ip", "-n", self.spaces["ctl"], "link", "set", name, "down" if is_cut else "up"], check=True)

    def remove(self):
        for space in self.spaces.values():
            subprocess.run(["ip", "netns", "del", space], capture_output=True)


def obstacle():
    """Why there can be no cluster here; None where there can."""
    if os.geteuid() != 0:
        return "it needs root"
    missing = [name for name in ("slurmctld", "slurmd", "sbatch", "munged", "unshare", "nsenter") if shutil.which(name) is None]
    if missing:
        return f"there is no {missing[0]} (Scripts/setup slurm installs it)"
    words = ["unshare", "--uts", "unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "hostname", "localhost"]
    tried = subprocess.run(words, capture_output=True, text=True)
    return f"no namespaces can be made: {tried.stderr.strip()}" if tried.returncode else None


class Cluster:
    def __init__(self, folder, nodes=4, slots=2, port=17000, links=False):
        self.folder = pathlib.Path(folder)
        # munged refuses a socket below a folder that others cannot enter.
        self.folder.chmod(0o755)
        self.names = [f"n{number}" for number in range(1, nodes + 1)]
        self.processes = {}
        for name in ["etc", "run", "log", "state", "munge"] + [f"spool/{name}" for name in self.names]:
            (self.folder / name).mkdir(parents=True)
        (self.folder / "etc/cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
        self.links = Links(self.names) if links else None
        places = [
            NODE.format(name=name, address=self.links.address(name) if links else "127.0.0.1", port=port + number, slots=slots)
            for number, name in enumerate(self.names, 1)]
        (self.folder / "etc/slurm.conf").write_text(CONFIGURATION.format(
            folder=self.folder, port=port, places="\n".join(places), controller=self.links.address("ctl") if links else "127.0.0.1",
            # In a network of its own a daemon may listen to all of it; and it would take the name's address, which is another's.
            listening="" if links else "CommunicationParameters=NoInAddrAny,NoCtldInAddrAny"))
        # What slurmctld binds follows from the machine's name: the daemons live where that is localhost.
        host = self.folder / "run/host.sh"
        host.write_text('#!/bin/sh\nhostname localhost; exec "$@"\n')
        host.chmod(0o755)
        self.host = ["unshare", "--uts", str(host)]
        self.environment = dict(os.environ, SLURM_CONF=str(self.folder / "etc/slurm.conf"))

    def inside(self, name="ctl"):
        return self.links.inside(name) if self.links else []

    def __enter__(self):
        if self.links:
            self.links.make()
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
        if self.links:
            self.links.remove()

    def start(self, name, words):
        with open(self.folder / f"log/{name}.out", "ab") as log:
            self.processes[name] = subprocess.Popen(
                words, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def start_controller(self):
        self.start("slurmctld", self.inside() + self.host + ["slurmctld", "-D"])

    def start_node(self, name):
        self.start(name, self.inside(name) + self.host + [
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
        return subprocess.run(self.inside() + list(words), env=self.environment, capture_output=True, text=True, timeout=60, check=check).stdout

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
