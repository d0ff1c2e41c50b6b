"""A Modbus TCP server of pymodbus whose register 0 counts up, and which has no register 3.

Usage: changing_server.py PORT
"""
import sys
import threading
import time

from pymodbus.datastore import (
    ModbusServerContext,
    ModbusSlaveContext,
    ModbusSparseDataBlock,
)
from pymodbus.server import StartTcpServer

HOLDING = 3

block = ModbusSparseDataBlock({0: 0, 1: 215, 2: 0, 4: 7, 5: 65535})
slave = ModbusSlaveContext(hr=block, ir=block, zero_mode=True)


def count():
    value = 0
    while True:
        value = (value + 1) % 60000
        slave.setValues(HOLDING, 0, [value])
        time.sleep(0.1)


threading.Thread(target=count, daemon=True).start()
print("starting", flush=True)
StartTcpServer(
    context=ModbusServerContext(slaves=slave, single=True),
    address=("127.0.0.1", int(sys.argv[1])),
)
