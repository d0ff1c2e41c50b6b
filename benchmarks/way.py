"""Measures the whole way of a value: Modbus TCP devices, gateway, Mosquitto with mutual TLS, subscriber.

Each device is a server of its own: 100 points in 103 registers, the first of them the time of the
answer, so that each message says how long ago its values left the device. The spool is on. The
subscriber is mosquitto_sub. Called by benchmarks/way.
"""

import argparse
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import scale
from scale import log

POINTS = 100
TIME_REGISTERS = 4
WARM_UP = 30
OUTAGE, BACK = 12, 5
CORES, RSS, P99 = 0.15, 200, 10  # targets of the load
UPLINK = "io.snaprail.mqtt~way.json"


class Pki:
    """An authority, and what it signs; openssl's."""

    def __init__(self, folder):
        self.folder = folder
        self.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 "
                     "-subj /CN=Benchmark -keyout ca.key -out ca.pem")
        self.openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=broker "
                     "-keyout broker.key -out broker.csr")
        self.sign("broker", "subjectAltName=DNS:localhost")

    def openssl(self, arguments):
        subprocess.run(["openssl", *arguments.split()], cwd=self.folder, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def sign(self, name, extension):
        (self.folder / "extensions").write_text(extension + "\n")
        self.openssl(f"x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial "
                     f"-days 30 -extfile extensions -out {name}.pem")


class Broker:
    """Mosquitto, and a subscriber that writes down when each message came."""

    def __init__(self, work, pki, cipher):
        self.tls, self.plain = scale.free_port(), scale.free_port()
        self.config = work / "mosquitto.conf"
        self.received = work / "received"
        self.config.write_text(f"""
user root
per_listener_settings true
persistence false
max_inflight_messages 0
max_queued_messages 0
listener {self.plain} 127.0.0.1
allow_anonymous true
set_tcp_nodelay true
listener {self.tls} 127.0.0.1
allow_anonymous true
cafile {pki.folder}/ca.pem
certfile {pki.folder}/broker.pem
keyfile {pki.folder}/broker.key
require_certificate true
ciphers_tls1.3 {cipher}
set_tcp_nodelay true
""")
        self.process = self.subscriber = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(["mosquitto", "-c", str(self.config)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.3)
        if self.subscriber is None:
            with open(self.received, "w") as out:
                self.subscriber = subprocess.Popen(
                    ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.plain), "-i", "way",
                     "-t", "way/#", "-F", "%U %p"], stdout=out)

    def end(self):
        for process in (self.subscriber, self.process):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()


class Gateway(scale.Gateway):
    """With an uplink, and of it an identity and a root."""

    def __init__(self, image, work, devices, uplink):
        self.uplink = uplink
        super().__init__(image, work, devices)

    def configure(self, devices):
        (self.config / "maps").mkdir(parents=True)
        (self.config / "io.snaprail.console.json").write_text(
            json.dumps({"host": "127.0.0.1", "port": self.port}))
        rows = ["time,holding:0,int64"]
        rows += [f"p{a},holding:{a},int16" for a in range(TIME_REGISTERS, POINTS + TIME_REGISTERS - 1)]
        (self.config / "maps/way.csv").write_text("\n".join(["name,address,type", *rows, ""]))
        for i in range(devices):
            (self.config / f"io.snaprail.driver.modbus.tcp~{scale.name(i)}.json").write_text(
                json.dumps({"host": "127.0.0.1", "port": scale.FIRST_PORT + i, "map": "way.csv",
                            "period.ms": 1000}))
        (self.config / UPLINK).write_text(json.dumps(self.uplink))

    def certificates(self, *arguments):
        return subprocess.run(
            ["/bin/sh", f"{self.image}/bin/snaprail", "certificates", *arguments,
             "--data", str(self.data)], check=True, stdout=subprocess.PIPE, text=True).stdout

    def trust(self, pki):
        (pki.folder / "up.csr").write_text(self.certificates("csr", "way", "--subject", "CN=way"))
        pki.sign("up", "extendedKeyUsage=clientAuth")
        self.certificates("import", "way", str(pki.folder / "up.pem"))
        self.certificates("roots", "way", str(pki.folder / "ca.pem"))


class Message:
    """A line of the subscriber's: when it came, and of what."""

    FORM = re.compile(r'^([0-9.]+) .*"device":"([^"]+)","boot":"[^"]*","seq":(\d+).*?'
                      r'"time":\{"v":(\d+)')

    def __init__(self, line):
        found = self.FORM.match(line)
        self.whole = found is not None
        if self.whole:
            self.at = float(found.group(1))
            self.device, self.sequence = found.group(2), int(found.group(3))
            self.answered = int(found.group(4)) / 1e6
        self.values = line.count('"v":')


def messages(file, position):
    """What came from a position of the file on, in whole lines."""
    with open(file, "rb") as lines:
        lines.seek(position)
        text = lines.read()
    return [Message(line) for line in text.decode().splitlines(keepends=True) if line[-1] == "\n"]


def percentile(values, share):
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def delays(found):
    """How long ago values had left their devices, in ms: p50, p99, largest."""
    taken = sorted(1000 * (m.at - m.answered) for m in found if m.whole)
    return percentile(taken, 0.5), percentile(taken, 0.99), taken[-1] if taken else float("nan")


def watch(gateway, broker, seconds):
    """Lets it run, and returns what came meanwhile, with the cores of the gateway."""
    position = broker.received.stat().st_size
    cpu, at = gateway.cpu(), time.monotonic()
    time.sleep(seconds)
    cores = (gateway.cpu() - cpu) / (time.monotonic() - at)
    # The first line may have begun before.
    return messages(broker.received, position)[1:], cores


def load(gateway, broker, devices, seconds):
    found, cores = watch(gateway, broker, seconds)
    p50, p99, most = delays(found)
    log(f"Over {seconds} s, {devices} devices of {POINTS} values each second:")
    log(f"  delivered: {sum(m.values for m in found) / seconds:,.0f} values/s in "
        f"{len(found) / seconds:.0f} messages/s, from {len({m.device for m in found})} devices")
    log(f"  device's answer to subscriber: p50 {p50:.1f} ms, p99 " + scale.judged(p99, P99, "ms")
        + f", largest {most:.0f} ms")
    log("  CPU: " + scale.judged(cores, CORES, "cores"))
    log("  RSS: " + scale.judged(gateway.status("VmRSS") / 1024, RSS, "MB")
        + f", {gateway.status('Threads')} threads")


def await_all(broker, devices, seconds=60):
    """Until every device has been heard of; how far the file is then."""
    end = time.monotonic() + seconds
    while True:
        heard = {m.device for m in messages(broker.received, 0) if m.whole}
        if len(heard) == devices:
            return
        if time.monotonic() > end:
            scale.fail(f"only {len(heard)} of {devices} devices were heard of after {seconds} s")
        time.sleep(1)


def outage(gateway, broker, devices):
    """Kills the broker for a while; whether all that was polled came, and how soon."""
    position = broker.received.stat().st_size
    time.sleep(5)
    broker.process.kill()
    broker.process.wait()
    log(f"The broker is killed, for {OUTAGE} s, {devices} devices of {POINTS} values each second:")
    down = time.time()
    time.sleep(OUTAGE)
    up = time.time()
    broker.start()
    time.sleep(20)
    found = [m for m in messages(broker.received, position)[1:] if m.whole]
    # What came over the line and its answer were cut together is sent again.
    seen, doubles, late = {}, 0, 0.0
    for m in found:
        if m.sequence in seen.setdefault(m.device, {}):
            doubles += 1
            continue
        seen[m.device][m.sequence] = m
        if down - 2 < m.answered < up:
            late = max(late, m.at - up)
    polled = sum(max(s) - min(s) + 1 for s in seen.values())
    came = sum(len(s) for s in seen.values())
    waited = sum(down < m.answered < up for s in seen.values() for m in s.values())
    log(f"  polled {polled * POINTS:,} values of {len(seen)} devices, received {came * POINTS:,} "
        f"({100 * came / polled:.2f} %), {waited * POINTS:,} of them polled while it was away")
    log(f"  each once by (point, sequence): {doubles} messages came a second time and are known by it")
    log("  the last of them came after its return: " + scale.judged(late, BACK, "s"))


def silent(gateway, broker, devices, dead, servers):
    """Some devices take connections and answer nothing; what the others notice."""
    before, _ = watch(gateway, broker, 20)
    servers.signal(signal.SIGSTOP)
    found, _ = watch(gateway, broker, 30)
    servers.signal(signal.SIGCONT)
    log(f"{dead} of {devices} devices take connections and answer nothing:")
    others = {scale.name(i) for i in range(devices - dead)}
    for what, taken, seconds in (("before", before, 20), ("meanwhile", found, 30)):
        mine = [m for m in taken if m.whole and m.device in others]
        p50, p99, most = delays(mine)
        log(f"  the other {len(others)} {what}: {sum(m.values for m in mine) / seconds:,.0f} values/s,"
            f" p50 {p50:.1f}, p99 {p99:.1f}, largest {most:.0f} ms")


def run(options, work, started):
    pki = Pki(work)
    broker = Broker(work, pki, options.cipher)
    started.append(broker)
    servers = [scale.Servers(options.servers, 0, options.devices - options.dead, "time")]
    if options.dead:
        servers.append(scale.Servers(
            options.servers, options.devices - options.dead, options.dead, "time"))
    started.extend(servers)
    uplink = {"host": "localhost", "port": broker.tls, "identity": "way", "roots": "way",
              "topic": "way/{{device}}", "spool.durability": options.durability}
    gateway = Gateway(options.image, work, options.devices, uplink)
    started.append(gateway)
    gateway.await_console()
    gateway.trust(pki)
    log(f"{options.devices} devices, spool {options.durability}, process {gateway.process.pid}")
    await_all(broker, options.devices)
    time.sleep(options.warm_up)
    load(gateway, broker, options.devices, options.seconds)
    if options.outage:
        outage(gateway, broker, options.devices)
    if options.dead:
        silent(gateway, broker, options.devices, options.dead, servers[-1])


def finish(started):
    for one in started:
        if isinstance(one, Broker):
            one.end()
        else:
            one.process.send_signal(signal.SIGCONT)
            one.process.terminate()
            one.process.wait()


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/way", description=__doc__)
    parser.add_argument("image", help=argparse.SUPPRESS)
    parser.add_argument("servers", help=argparse.SUPPRESS)
    parser.add_argument("devices", nargs="?", type=int, default=500, help="1..5000 (500)")
    parser.add_argument("seconds", nargs="?", type=int, default=30, help="measured for (30)")
    parser.add_argument("--durability", default="always", help="memory, spill or always (always)")
    # Mosquitto chooses by its own order, which has what is dear without AES in hardware first.
    parser.add_argument("--cipher", default="TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384",
                        help="what the broker takes in TLS 1.3, best first (ChaCha20, AES)")
    parser.add_argument("--outage", action="store_true", help=f"then the broker is killed, {OUTAGE} s")
    parser.add_argument("--dead", type=int, default=0, metavar="COUNT",
                        help="so many devices then answer nothing any more")
    parser.add_argument("--warm-up", type=int, default=WARM_UP, metavar="SECONDS")
    options = parser.parse_args()
    if not 0 <= options.dead < options.devices <= 5000:
        parser.error("expected 1..5000 devices, and fewer of them dead")
    work = pathlib.Path(tempfile.mkdtemp())
    started = []
    try:
        run(options, work, started)
    finally:
        finish(started)
        shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
