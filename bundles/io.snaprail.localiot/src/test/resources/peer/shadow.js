// AWS IoT Device SDK for JavaScript v1 (npm aws-iot-device-sdk): its thing shadow client.
// Arguments: port, thing, key, certificate, roots. Prints what comes back, a line each.
const awsIot = require('aws-iot-device-sdk');
const [port, thing, keyPath, certPath, caPath] = process.argv.slice(2);
const say = (...words) => console.log(words.join(' '));
const shadows = awsIot.thingShadow({
  keyPath, certPath, caPath, clientId: thing, host: 'localhost', port: Number(port),
});
const steps = [
  () => shadows.update(thing, {state: {desired: {speed: 3}}}),
  () => shadows.update(thing, {state: {reported: {speed: 3}}}),
  () => shadows.get(thing),
  () => shadows.update(thing, {state: 1}),
  () => shadows.delete(thing),
  () => shadows.get(thing),
];
const next = () => {
  const step = steps.shift();
  if (step) {
    step();
  } else {
    shadows.end(false, () => process.exit(0));
  }
};
shadows.on('status', (name, status, token, document) => {
  const {state, code, message} = document;
  say('status', name, status, JSON.stringify(code ? {code, message} : state || {}));
  next();
});
shadows.on('delta', (name, document) => say('delta', name, JSON.stringify(document.state)));
shadows.on('timeout', (name) => say('timeout', name));
shadows.on('error', (error) => say('error', error));
shadows.on('connect', () => shadows.register(thing, {operationTimeout: 10000}, next));
setTimeout(() => process.exit(2), 30000);
