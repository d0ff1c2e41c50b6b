"""A pymodbus server whose registers hold values packed by Python's struct.

Its argument is TCP, RTU_OVER_TCP, ASCII_OVER_TCP or UDP; or TLS and a folder with device.pem,
device.key and ca.pem; or RTU or ASCII, a terminal and the baud rate. Prints
"value <address> <type> <order> <value>" for each, then "port <n>", which is 0 on a serial line.
Floats are printed as the hexadecimal digits of their bits. Answers "<table> <first> <count>" on
standard input with what its datastore holds. Ends with its standard input.
"""
import asyncio
import os
import random
import ssl
import struct
import sys
import types

# The TCP server's module imports pyserial, which Debian only recommends, for its serial neighbour.
for name in ("serial", "serial_asyncio"):
    try:
        __import__(name)
    except ImportError:
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].create_serial_connection = None

# pylint: disable=wrong-import-position
from pymodbus.datastore import (
    ModbusSequentialDataBlock,
    ModbusServerContext,
    ModbusSlaveContext,
)
from pymodbus.server.async_io import (
    ModbusSerialServer,
    ModbusTcpServer,
    ModbusTlsServer,
    ModbusUdpServer,
)
from pymodbus.transaction import ModbusAsciiFramer, ModbusRtuFramer, ModbusSocketFramer

FORMATS = {
    "int16": ">h",
    "uint16": ">H",
    "int32": ">i",
    "uint32": ">I",
    "int64": ">q",
    "uint64": ">Q",
    "float16": ">e",
    "float32": ">f",
    "float64": ">d",
}
ORDERS = {
    2: ["AB", "BA"],
    4: ["ABCD", "CDAB", "BADC", "DCBA"],
    8: ["ABCDEFGH", "GHEFCDAB", "BADCFEHG", "HGFEDCBA"],
}
LARGEST = {"float16": 65504.0, "float32": 3.4028234663852886e38, "float64": 1.7976931348623157e308}
SMALLEST = {"float16": 2**-24, "float32": 1e-45, "float64": 5e-324}
FUNCTIONS = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}


def arranged(packed, order):
    """Bytes in the order of the letters, as 16-bit words."""
    line = bytes(packed["ABCDEFGH".index(letter)] for letter in order)
    return list(struct.unpack(f">{len(line) // 2}H", line))


def samples(kind):
    """The ends of the range and some values between."""
    rng = random.Random(kind)
    if kind.startswith("float"):
        return [0.0, -0.0, 1.5, -123.456, LARGEST[kind], SMALLEST[kind]] + [
            rng.uniform(-6e4, 6e4) for _ in range(5)
        ]
    bits = int(kind[-2:])
    # Of 64 bits without sign, the gateway takes what fits with one.
    low, high = (0, 2 ** min(bits, 63) - 1) if kind.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return [low, high, low + 1, 0, 1] + [rng.randint(low, high) for _ in range(5)]


def fill(words):
    """Puts every sample in every order, and tells where."""
    address = 0
    for kind, pack in FORMATS.items():
        width = struct.calcsize(pack)
        for order in ORDERS[width]:
            for value in samples(kind):
                packed = struct.pack(pack, value)
                words[address : address + width // 2] = arranged(packed, order)
                shown = packed.hex() if kind.startswith("float") else str(value)
                print("value", address, kind, order, shown)
                address += width // 2


def tls_context(folder):
    """TLS 1.2 or newer that asks for the client's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(
        os.path.join(folder, "device.pem"), os.path.join(folder, "device.key")
    )
    context.load_verify_locations(os.path.join(folder, "ca.pem"))
    context.verify_mode = ssl.CERT_REQUIRED
    return context


FRAMERS = {
    "RTU": ModbusRtuFramer,
    "ASCII": ModbusAsciiFramer,
    "RTU_OVER_TCP": ModbusRtuFramer,
    "ASCII_OVER_TCP": ModbusAsciiFramer,
}


def make_server(wire, context):
    """A server on a free port that speaks TCP, RTU_OVER_TCP, ASCII_OVER_TCP, UDP or TLS; or one on
    the terminal that was given, without parity, as pseudo-terminals have none."""
    if wire in ("RTU", "ASCII"):
        return ModbusSerialServer(
            context,
            framer=FRAMERS[wire],
            port=sys.argv[2],
            baudrate=int(sys.argv[3]),
            # On a line, who is not meant is silent.
            ignore_missing_slaves=True,
        )
    if wire == "TLS":
        # The framer of Modbus TCP: pymodbus' own for TLS leaves the header out until version 3.8,
        # where the specification has the frame unchanged.
        return ModbusTlsServer(
            context,
            framer=ModbusSocketFramer,
            address=("127.0.0.1", 0),
            sslctx=tls_context(sys.argv[2]),
        )
    kind = ModbusUdpServer if wire == "UDP" else ModbusTcpServer
    return kind(context, framer=FRAMERS.get(wire, ModbusSocketFramer), address=("127.0.0.1", 0))


async def started(server):
    """The task that serves, once the server listens."""
    if isinstance(server, ModbusSerialServer):
        await server.start()
        assert server.transport is not None, "the terminal could not be opened"
        return asyncio.ensure_future(server.serve_forever())
    serving = asyncio.ensure_future(server.serve_forever())
    await server.serving
    return serving


def port_of(server):
    """Where it listens; 0 on a serial line."""
    if isinstance(server, ModbusSerialServer):
        return 0
    if isinstance(server, ModbusUdpServer):
        return server.protocol.get_extra_info("sockname")[1]
    return server.server.sockets[0].getsockname()[1]


async def main():
    """Serves until standard input ends."""
    words = [0] * 65536
    fill(words)
    rng = random.Random(1)
    bits = [rng.randint(0, 1) for _ in range(65536)]
    for address in range(40):
        print("bit", address, bits[address])
    slave = ModbusSlaveContext(
        di=ModbusSequentialDataBlock(0, list(bits)),
        co=ModbusSequentialDataBlock(0, list(bits)),
        hr=ModbusSequentialDataBlock(0, list(words)),
        ir=ModbusSequentialDataBlock(0, list(words)),
        zero_mode=True,
    )
    server = make_server(sys.argv[1], ModbusServerContext(slaves={17: slave}, single=False))
    serving = await started(server)
    print("port", port_of(server), flush=True)

    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        if not line:
            break
        table, first, count = line.split()
        held = slave.getValues(FUNCTIONS[table], int(first), int(count))
        print("held", *[int(v) for v in held], flush=True)
    serving.cancel()


if __name__ == "__main__":
    asyncio.run(main())
