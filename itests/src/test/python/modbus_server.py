"""A Modbus TCP server of pymodbus with known values. Usage: modbus_server.py PORT"""
import struct
import sys

from pymodbus.datastore import (
    ModbusSequentialDataBlock,
    ModbusServerContext,
    ModbusSlaveContext,
)
from pymodbus.server import StartTcpServer

registers = [0] * 200


def put(address, data):
    """Big-endian bytes into consecutive registers."""
    for i in range(0, len(data), 2):
        registers[address + i // 2] = data[i] << 8 | data[i + 1]


def words_swapped(data):
    return data[2:] + data[:2]


def bytes_swapped(data):
    return bytes([data[1], data[0], data[3], data[2]])


put(0, struct.pack(">h", -1234))
put(1, struct.pack(">H", 65535))
put(2, struct.pack(">i", -2147483648))
put(4, words_swapped(struct.pack(">I", 4294967295 - 1)))
put(6, struct.pack(">f", 12.34))
put(8, words_swapped(struct.pack(">f", -0.1)))
put(10, bytes_swapped(struct.pack(">i", 305419896)))
put(12, struct.pack("<f", 1.0e-20))
put(14, struct.pack("<h", 258))
put(100, struct.pack(">h", 215))

coils = [False, True, False, True] * 50
block = lambda values: ModbusSequentialDataBlock(0, list(values))
slave = ModbusSlaveContext(
    di=block(not c for c in coils),
    co=block(coils),
    hr=block(registers),
    ir=block(registers),
    zero_mode=True,
)
print("starting", flush=True)
StartTcpServer(
    context=ModbusServerContext(slaves=slave, single=True),
    address=("127.0.0.1", int(sys.argv[1])),
)
