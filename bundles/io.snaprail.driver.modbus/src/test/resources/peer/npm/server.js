// A modbus-serial server whose registers hold values that JavaScript packed.
//
// Prints "value <address> <type> <order> <value>" for each, of floats the hexadecimal digits of their
// bits, "bit <address> <value>", then "port <n>". Answers "<table> <first> <count>" on standard input
// with what it holds. Ends with its standard input.
"use strict";
const ModbusRTU = require("modbus-serial");
const net = require("net");
const readline = require("readline");

const UNIT = 17;
const registers = new Uint16Array(65536);
const inputs = new Uint16Array(65536);
const coils = new Uint8Array(65536);

const ORDERS = {
  2: ["AB", "BA"],
  4: ["ABCD", "CDAB", "BADC", "DCBA"],
  8: ["ABCDEFGH", "GHEFCDAB", "BADCFEHG", "HGFEDCBA"],
};
const TYPES = {
  int16: [2, "writeInt16BE", [-32768, 32767, 0, -1, 258]],
  uint16: [2, "writeUInt16BE", [0, 65535, 32768, 4660]],
  int32: [4, "writeInt32BE", [-2147483648, 2147483647, -2, 305419896]],
  uint32: [4, "writeUInt32BE", [0, 4294967295, 2147483648]],
  int64: [8, "writeBigInt64BE", [-(2n ** 63n), 2n ** 63n - 1n, -2n, 81985529216486895n]],
  uint64: [8, "writeBigUInt64BE", [0n, 2n ** 63n - 1n, 72623859790382856n]],
  float32: [4, "writeFloatBE", [0, -0, 1.5, -123.456, 3.4028234663852886e38, 1e-45]],
  float64: [8, "writeDoubleBE", [0, -0, 0.1, -1e300, Number.MAX_VALUE, Number.MIN_VALUE]],
};

let next = 0;
for (const [type, [width, pack, values]] of Object.entries(TYPES)) {
  for (const order of ORDERS[width]) {
    for (const value of values) {
      const packed = Buffer.alloc(width);
      packed[pack](value);
      const line = Buffer.from([...order].map((letter) => packed["ABCDEFGH".indexOf(letter)]));
      for (let i = 0; i < width / 2; i++) {
        registers[next + i] = inputs[next + i] = line.readUInt16BE(2 * i);
      }
      const shown = type.startsWith("float") ? packed.toString("hex") : value;
      console.log(`value ${next} ${type} ${order} ${shown}`);
      next += width / 2;
    }
  }
}
for (let i = 0; i < 40; i++) {
  coils[i] = (i * i) % 3 === 1 ? 1 : 0;
  console.log(`bit ${i} ${coils[i]}`);
}

const vector = {
  getHoldingRegister: (address) => registers[address],
  getInputRegister: (address) => inputs[address],
  getCoil: (address) => coils[address] === 1,
  getDiscreteInput: (address) => coils[address] === 1,
  setRegister: (address, value) => { registers[address] = value; },
  setCoil: (address, value) => { coils[address] = value ? 1 : 0; },
};

// The server takes no port 0: a free one is looked for.
const probe = net.createServer().listen(0, "127.0.0.1", () => {
  const port = probe.address().port;
  probe.close(() => {
    const server = new ModbusRTU.ServerTCP(vector, { host: "127.0.0.1", port, unitID: UNIT });
    server.on("initialized", () => console.log(`port ${port}`));
    server.on("socketError", () => {});
  });
});

const tables = { holding: registers, input: inputs, coil: coils, discrete: coils };
readline
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const [table, first, count] = line.split(" ");
    console.log("held", ...tables[table].slice(Number(first), Number(first) + Number(count)));
  })
  .on("close", () => process.exit(0));
