"""A pymodbus server with the SunSpec models of an inverter: 1, 103, 160 and 203, as such devices have them.

Prints "port <n>". Its argument is the base address. Ends with its standard input.
"""
import asyncio
import struct
import sys

from pymodbus_server import (
    ModbusSequentialDataBlock,
    ModbusServerContext,
    ModbusSlaveContext,
    make_server,
    port_of,
    started,
)

NO16 = 0xFFFF
NO_S16 = 0x8000


def text(value, registers):
    """A text as registers."""
    packed = value.encode().ljust(2 * registers, b"\0")
    return list(struct.unpack(f">{registers}H", packed))


def u32(value):
    """Two registers."""
    return [value >> 16, value & 0xFFFF]


def s16(value):
    """A signed register."""
    return value & 0xFFFF


def common():
    """Model 1, without the register that only fills it up."""
    return [1, 65] + text("Example", 16) + text("PV-10", 16) + text("", 8) + text("4.18", 8) + text("7E1A0B", 16) + [1]


def inverter():
    """Model 103: three phases, no voltages between them, no cabinet temperature."""
    words = [103, 50]
    words += [2148, 716, 715, 717, s16(-2)]  # A, AphA..AphC, A_SF
    words += [NO16, NO16, NO16, 2304, 2311, 2298, s16(-1)]  # PPVph.., PhVphA..C, V_SF
    words += [4953, 0, 4999, s16(-2), 4960, 0, s16(-310), s16(-1), s16(-9980), s16(-2)]  # W Hz VA VAr PF
    words += u32(12345678) + [1]  # WH
    words += [NO16, s16(-2), NO16, s16(-1), NO_S16, 0]  # DCA DCV DCW
    words += [NO_S16, 412, NO_S16, NO_S16, s16(-1)]  # TmpCab TmpSnk TmpTrns TmpOt Tmp_SF
    words += [4, NO16] + u32(0) + u32(0xFFFFFFFF) + u32(0xFFFFFFFF) * 4  # St StVnd Evt1 Evt2 EvtVnd1..4
    assert len(words) == 52, len(words)
    return words


def mppt():
    """Model 160 with two modules."""
    words = [160, 48, s16(-2), s16(-1), 0, 3] + u32(0) + [2, 10]
    for index, (amps, volts, watts) in enumerate(((612, 4100, 2509), (598, 4090, 2446))):
        words += [index + 1] + text(f"String {index + 1}", 8)
        words += [amps, volts, watts] + u32(6000) + u32(0xFFFFFFFF) + [NO_S16, 4] + u32(0)
    assert len(words) == 50, len(words)
    return words


def meter():
    """Model 203: currents, voltages, powers and the energies in sum; the rest is not there."""
    words = [203, 105]
    words += [s16(-53), s16(-18), s16(-17), s16(-18), s16(-1)]  # A.. A_SF
    words += [2304, 2304, 2311, 2298, NO_S16, NO_S16, NO_S16, NO_S16, s16(-1)]  # PhV.. PPV.. V_SF
    words += [5001, s16(-2)]  # Hz
    words += [s16(-1204), s16(-400), s16(-401), s16(-403), 0]  # W.. W_SF
    words += [1210, NO_S16, NO_S16, NO_S16, 0]  # VA..
    words += [55, NO_S16, NO_S16, NO_S16, 0]  # VAR..
    words += [s16(-995), NO_S16, NO_S16, NO_S16, s16(-1)]  # PF..
    words += u32(98765) + u32(0) * 3 + u32(4321) + u32(0) * 3 + [1]  # TotWhExp.. TotWhImp.. TotWh_SF
    words += [0] * (107 - len(words))
    return words


async def main():
    """Serves until standard input ends."""
    base = int(sys.argv[1])
    image = list(struct.unpack(">2H", b"SunS")) + common() + inverter() + mppt() + meter() + [0xFFFF, 0]
    slave = ModbusSlaveContext(hr=ModbusSequentialDataBlock(base, image), zero_mode=True)
    server = make_server("TCP", ModbusServerContext(slaves={17: slave}, single=False))
    serving = await started(server)
    print("port", port_of(server), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await server.shutdown()
    serving.cancel()


asyncio.run(main())
