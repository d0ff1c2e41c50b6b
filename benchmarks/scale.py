"""Polls many Modbus TCP devices with the distribution and prints what that costs.

Each device is a server of its own, on a port of its own: 100 int16 registers, read every second.
Called by benchmarks/scale.
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse

POINTS = 100
FIRST_PORT = 20000  # below the ports that Linux gives to clients
WARM_UP = 20
DEAD_SECONDS = 60
MISSED, RSS, CORES = 0.001, 200, 0.4  # targets
TICKS = os.sysconf("SC_CLK_TCK")


def log(text):
    print(text, flush=True)


def fail(text):
    sys.exit("scale: " + text)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Servers:
    """The devices from a number on, all in one process."""

    def __init__(self, program, first, count, *more):
        self.process = subprocess.Popen(
            [program, str(FIRST_PORT + first), str(count), *more],
            stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            fail(f"no servers on ports {FIRST_PORT + first}..{FIRST_PORT + first + count - 1}")

    def signal(self, number):
        self.process.send_signal(number)


class Gateway:
    """The distribution with a configuration of its own."""

    def __init__(self, image, work, devices):
        self.image = image
        self.data = work / "data"
        self.log = work / "log"
        self.port = free_port()
        self.config = config = work / "config"
        self.configure(devices)
        with open(self.log, "w") as out:
            self.process = subprocess.Popen(
                ["/bin/sh", f"{image}/bin/snaprail", "run",
                 "--config", str(config), "--data", str(self.data)],
                stdout=out, stderr=subprocess.STDOUT)
        self.headers = {}

    def configure(self, devices):
        write_configuration(self.config, devices, self.port)

    def await_console(self):
        end = time.monotonic() + 60
        while not re.search("^Claim token", self.log.read_text(), re.M):
            if time.monotonic() > end or self.process.poll() is not None:
                fail("the gateway did not start:\n" + self.log.read_text())
            time.sleep(0.1)

    def claim(self):
        """Makes an administrator, whose session then asks for the figures."""
        _, headers, page = self.request("GET", "/claim")
        form = {
            "_csrf": re.search('name="_csrf" value="([^"]+)"', page).group(1),
            "token": (self.data / "claim-token").read_text().strip(),
            "name": "scale", "password": "only for this run", "repeat": "only for this run"}
        status, headers, page = self.request(
            "POST", "/claim", urllib.parse.urlencode(form),
            {"Cookie": cookies(headers), "Origin": f"https://127.0.0.1:{self.port}",
             "Content-Type": "application/x-www-form-urlencoded"})
        if status != 303:
            fail(f"the gateway was not claimed: {status}\n{page}")
        self.headers = {"Cookie": cookies(headers)}

    def connect(self):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # it has just made its certificate itself
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)

    def request(self, method, path, body=None, headers=None):
        connection = self.connect()
        connection.request(method, path, body, headers or self.headers)
        response = connection.getresponse()
        result = response.status, response.headers, response.read().decode()
        connection.close()
        return result

    def metrics(self):
        """Values by name and device; what has no device by name and None."""
        status, _, text = self.request("GET", "/metrics")
        if status != 200:
            fail(f"/metrics: {status}\n{text[:500]}")
        values = {}
        for name, device, value in re.findall(
                r'^(\w+)(?:\{(?:device="([^"]*)"|area="heap")\})? (\S+)$', text, re.M):
            values[name, device or None] = float(value)
        return values

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2]
        return sum(map(int, fields.split()[11:13])) / TICKS

    def status(self, key):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{key}:\s+(\d+)", text, re.M).group(1))

    def wrong_values(self, devices):
        """Asks one point of each device, another one each, and says which are not as they must be."""
        connection = self.connect()
        wrong = []
        for i, device in enumerate(devices):
            address = number(device) * 7 % POINTS
            connection.request("GET", f"/api/v1/points/{device}/p{address}", headers=self.headers)
            response = connection.getresponse()
            point = json.loads(response.read())
            found = point.get("value"), point.get("quality")
            if found != (FIRST_PORT + number(device) + address, "GOOD"):
                wrong.append(f"{device}/p{address}: {found}")
        connection.close()
        return wrong


def cookies(headers):
    return "; ".join(
        c.split(";")[0] for c in headers.get_all("Set-Cookie", []) if "Max-Age=0" not in c)


def name(device):
    return f"d{device:04d}"


def number(device):
    return int(device[1:])


def write_configuration(config, devices, port):
    (config / "maps").mkdir(parents=True)
    (config / "io.snaprail.console.json").write_text(
        json.dumps({"host": "127.0.0.1", "port": port}))
    rows = [f"p{a},holding:{a},int16" for a in range(POINTS)]
    (config / "maps/scale.csv").write_text("\n".join(["name,address,type", *rows, ""]))
    for i in range(devices):
        (config / f"io.snaprail.driver.modbus.tcp~{name(i)}.json").write_text(
            json.dumps({"host": "127.0.0.1", "port": FIRST_PORT + i, "map": "scale.csv",
                        "period.ms": 1000}))


def online(metrics, devices):
    return sum(metrics.get(("snaprail_device_online", d), 0) == 1 for d in devices)


def await_online(gateway, devices, seconds):
    start = time.monotonic()
    while online(gateway.metrics(), devices) < len(devices):
        if time.monotonic() - start > seconds:
            found = online(gateway.metrics(), devices)
            log(f"  only {found} of {len(devices)} devices online after {seconds} s")
            return
        time.sleep(1)
    log(f"  all {len(devices)} devices online after {time.monotonic() - start:.0f} s")


def judged(value, limit, unit):
    return f"{value:.3g} {unit} (target <= {limit:g}: {'met' if value <= limit else 'MISSED'})"


def share(before, after, devices, seconds):
    """Prints the share of periods that were missed or late, and whether all of them were counted."""
    def grown(what):
        key = f"snaprail_device_{what}_total"
        return sum(after[key, d] - before.get((key, d), 0) for d in devices)
    cycles, merged, late, failed = map(
        grown, ("cycles", "missed_periods", "deadline_misses", "failed_cycles"))
    log(f"  cycles {cycles:.0f}, periods merged {merged:.0f}, deadlines missed {late:.0f}, "
        f"cycles failed {failed:.0f}")
    log("  missed: " + judged(100 * (merged + late) / max(1, cycles + merged), 100 * MISSED, "%"))
    counted = (cycles + merged) / (len(devices) * seconds)
    if abs(counted - 1) > 0.03:
        log(f"  WRONG: {100 * counted:.1f} % of the periods were counted")


def measure(gateway, devices, seconds):
    before, at = gateway.metrics(), time.monotonic()
    cpu, cpu_at = gateway.cpu(), at
    time.sleep(seconds)
    cores = (gateway.cpu() - cpu) / (time.monotonic() - cpu_at)
    rss, peak = (gateway.status(key) / 1024 for key in ("VmRSS", "VmHWM"))
    after, took = gateway.metrics(), time.monotonic() - at
    share(before, after, devices, took)
    log("  CPU:    " + judged(cores, CORES, "cores"))
    log("  RSS:    " + judged(rss, RSS, "MB") + f", peak {peak:.0f} MB, "
        f"{gateway.status('Threads')} threads")
    heap = [after[f"jvm_memory_{what}_bytes", None] / 2**20 for what in ("used", "max")]
    log(f"  heap:   {heap[0]:.0f} MB in use of at most {heap[1]:.0f} MB")
    wrong = gateway.wrong_values(devices)
    log(f"  online: {online(after, devices)} of {len(devices)}; "
        f"values: {len(devices) - len(wrong)} of {len(devices)} right"
        + (", wrong are " + ", ".join(wrong[:3]) if wrong else ""))


def run(options, work, started):
    alive = [name(i) for i in range(options.devices - options.dead)]
    dead = [name(i) for i in range(options.devices - options.dead, options.devices)]
    started.append(Servers(options.servers, 0, len(alive)))
    if dead:
        started.append(Servers(options.servers, len(alive), len(dead)))
    gateway = Gateway(options.image, work, options.devices)
    started.insert(0, gateway)
    log(f"{options.devices} devices of {POINTS} int16 registers, period 1 s, process "
        f"{gateway.process.pid}, {os.cpu_count()} cores")
    gateway.await_console()
    gateway.claim()
    await_online(gateway, alive + dead, 60)
    time.sleep(WARM_UP)
    log(f"Over {options.seconds} s, {WARM_UP} s later:")
    measure(gateway, alive + dead, options.seconds)
    if dead:
        started[-1].signal(signal.SIGSTOP)
        log(f"{len(dead)} devices take connections and answer nothing any more; "
            f"the other {len(alive)} over {DEAD_SECONDS} s from then on:")
        measure(gateway, alive, DEAD_SECONDS)
        started[-1].signal(signal.SIGCONT)
        log("They answer again:")
        await_online(gateway, alive + dead, 120)


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/scale", description=__doc__)
    parser.add_argument("image", help=argparse.SUPPRESS)
    parser.add_argument("servers", help=argparse.SUPPRESS)
    parser.add_argument("devices", nargs="?", type=int, default=1000, help="1..12000 (1000)")
    parser.add_argument("seconds", nargs="?", type=int, default=60, help="measured for (60)")
    parser.add_argument("--dead", type=int, default=0, metavar="COUNT",
                        help="so many devices then answer nothing any more")
    options = parser.parse_args()
    if not 0 <= options.dead < options.devices <= 12000:
        parser.error("expected 1..12000 devices, and fewer of them dead")
    work = pathlib.Path(tempfile.mkdtemp())
    started = []
    try:
        run(options, work, started)
    finally:
        for one in started:
            one.process.send_signal(signal.SIGCONT)
            one.process.terminate()
        for one in started:
            one.process.wait()
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
