"""A pymodbus server over TLS that plays one unit for each register map in a folder.

Usage: map_server.py PORT MAPS TLS, where TLS has device.pem, device.key and ca.pem. Every register
that a map names holds something else; printed is "unit <unit> <map>" for each map, then
"expect <unit> <point> <value>" for each of its points, texts left out, and "starting".
"""
import csv
import re
import ssl
import struct
import sys
from decimal import Decimal
from pathlib import Path

from pymodbus.datastore import (
    ModbusSequentialDataBlock,
    ModbusServerContext,
    ModbusSlaveContext,
)
from pymodbus.server import StartTlsServer
from pymodbus.transaction import ModbusSocketFramer

FORMATS = {
    "int16": ">h",
    "uint16": ">H",
    "int32": ">i",
    "uint32": ">I",
    "int64": ">q",
    "uint64": ">Q",
    "float32": ">f",
}
TABLES = {"0": "co", "1": "di", "3": "ir", "4": "hr"}


def rows(file):
    """The rows of a map whose values are numbers or bits."""
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines):
        kind = row["type"].split("!")[0]
        if kind == "bool" or kind in FORMATS:
            place = re.fullmatch(r"([0134])x?(\d+)(?:\.(\d+))?", row["address"])
            table, address, bit = place.groups()
            yield row, kind, TABLES[table], int(address) - 1, int(bit or 0)


def ordered(words, order):
    """The registers as they are sent: high one first, or low one first."""
    assert order in ("", "AB", "ABCD", "CDAB"), order
    return words[::-1] if order == "CDAB" else words


def fill(tables, file):
    """Gives every point of a map a value of its own."""
    for number, (row, kind, table, address, bit) in enumerate(rows(file), 1):
        if kind == "bool":
            tables[table][address] |= (number % 3 == 0) << bit
            continue
        value = number * 7.25 if kind == "float32" else number * 101
        packed = struct.pack(FORMATS[kind], value)
        words = list(struct.unpack(f">{len(packed) // 2}H", packed))
        tables[table][address : address + len(words)] = ordered(words, row.get("order") or "")


def expected(tables, file):
    """Names and values, as they are in the tables now: points may share registers."""
    for row, kind, table, address, bit in rows(file):
        if kind == "bool":
            yield row["name"], Decimal(tables[table][address] >> bit & 1)
            continue
        size = struct.calcsize(FORMATS[kind]) // 2
        words = ordered(tables[table][address : address + size], row.get("order") or "")
        raw = struct.unpack(FORMATS[kind], struct.pack(f">{size}H", *words))[0]
        yield row["name"], Decimal(raw) * Decimal(row.get("scale") or 1) + Decimal(
            row.get("offset") or 0
        )


def main():
    """Serves for ever."""
    slaves = {}
    for unit, file in enumerate(sorted(Path(sys.argv[2]).glob("*.csv")), 1):
        tables = {name: [0] * 65536 for name in TABLES.values()}
        fill(tables, file)
        print("unit", unit, file.name)
        for name, value in expected(tables, file):
            print("expect", unit, name, value)
        slaves[unit] = ModbusSlaveContext(
            zero_mode=True,
            **{name: ModbusSequentialDataBlock(0, values) for name, values in tables.items()},
        )
    folder = Path(sys.argv[3])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "device.pem", folder / "device.key")
    context.load_verify_locations(folder / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    print("starting", flush=True)
    StartTlsServer(
        context=ModbusServerContext(slaves=slaves, single=False),
        # pymodbus' own framer for TLS leaves the header out until version 3.8, where the
        # specification has the frame unchanged.
        framer=ModbusSocketFramer,
        address=("127.0.0.1", int(sys.argv[1])),
        sslctx=context,
    )


main()
