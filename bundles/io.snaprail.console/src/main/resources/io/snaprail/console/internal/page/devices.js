'use strict';
// Every device with its state and counters.
(() => {
  const { element, look, poll, may, number, period, ago, setText, paintState, deviceLink } = snaprail;
  const byId = (id) => document.getElementById(id);
  const rows = new Map();

  byId('add').hidden = !may('operator');

  const makeRow = (name) => {
    const cell = (label, kind) => element('td', { 'data-label': label, class: kind });
    const row = {
      badge: element('span', {}),
      message: element('div', { class: 'reason block' }),
      bus: cell('Bus', 'break mono'),
      points: cell('Points', 'num'),
      period: cell('Period', 'num whole'),
      last: cell('Last answer', 'num whole'),
      cycles: cell('Cycles', 'num'),
      failed: cell('Failed', 'num'),
      missed: cell('Missed periods', 'num'),
    };
    row.node = element(
      'tr',
      { 'data-device': name },
      element('th', { scope: 'row', class: 'point' }, element('a', { href: deviceLink(name) }, name)),
      element('td', { class: 'statecell' }, row.badge, row.message),
      row.bus, row.points, row.period, row.last, row.cycles, row.failed, row.missed
    );
    return row;
  };

  const paint = (row, device) => {
    row.search = `${device.name} ${device.state} ${device.bus} ${device.driver}`.toLowerCase();
    paintState(row.badge, device.state);
    setText(row.message, device.message);
    setText(row.bus, device.bus);
    setText(row.points, number(device.points));
    setText(row.period, period(device.periodMs));
    row.answered = device.lastAnswer ? Date.parse(device.lastAnswer) : null;
    setText(row.cycles, number(device.cycles));
    setText(row.failed, number(device.failedCycles));
    row.failed.classList.toggle('alarm', device.failedCycles > 0);
    setText(row.missed, number(device.missedPeriods));
  };

  const filter = () => {
    const words = byId('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows.values()) {
      row.node.hidden = !words.every((word) => row.search.includes(word));
      shown += row.node.hidden ? 0 : 1;
    }
    const empty = byId('empty');
    empty.hidden = shown > 0;
    if (rows.size > 0) {
      empty.textContent = 'No device fits the filter.';
    } else if (may('operator')) {
      empty.replaceChildren('There is no device yet. ', element('a', { href: '/setup' }, 'Add the first one'), '.');
    } else {
      empty.textContent = 'There is no device yet. An administrator can add one.';
    }
  };
  byId('filter').addEventListener('input', filter);

  const show = (devices) => {
    const names = new Set(devices.map((device) => device.name));
    for (const [name, row] of rows) {
      if (!names.has(name)) {
        row.node.remove();
        rows.delete(name);
      }
    }
    devices.forEach((device, i) => {
      let row = rows.get(device.name);
      if (!row) {
        row = makeRow(device.name);
        rows.set(device.name, row);
      }
      if (byId('rows').children[i] !== row.node) {
        byId('rows').insertBefore(row.node, byId('rows').children[i] || null);
      }
      paint(row, device);
    });
    const away = devices.filter((d) => d.state === 'OFFLINE' || d.state === 'MISCONFIGURED').length;
    const points = devices.reduce((sum, device) => sum + device.points, 0);
    setText(
      byId('summary'),
      devices.length
        ? `${number(devices.length)} ${devices.length === 1 ? 'device' : 'devices'}, ${number(points)} points` +
            (away ? `, ${away} with trouble` : ', none with trouble')
        : ''
    );
    filter();
  };

  poll(2000, async () => {
    const answer = await look('/api/v1/devices');
    const now = Date.parse(answer.now); // the gateway's clock, as this browser's may be wrong
    show(answer.devices);
    for (const row of rows.values()) {
      setText(row.last, row.answered === null ? 'never' : ago((now - row.answered) / 1000) + ' ago');
    }
  });
})();
