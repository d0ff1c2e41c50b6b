'use strict';
// Every bus with its use, and its devices with the figures of their drivers.
(() => {
  const { element, look, poll, may, number, figure, setText, deviceLink, isTrouble } = snaprail;
  const byId = (id) => document.getElementById(id);
  const cards = new Map();

  const percent = (share) => {
    if (share === null) {
      return '–';
    }
    const value = share * 100;
    if (value > 0 && value < 0.1) {
      return 'less than 0.1 %';
    }
    return (value === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)) + ' %';
  };

  const tile = (label) => element('div', { class: 'tile' }, element('span', { class: 'big' }), element('span', { class: 'hint' }, label));

  const makeCard = (bus) => {
    const card = {
      count: element('span', { class: 'hint' }),
      polls: element('i', { class: 'polls' }),
      probes: element('i', { class: 'probes' }),
      use: element('strong', {}),
      useText: element('span', { class: 'hint' }),
      late: tile('Late at most, 99 of 100 cycles'),
      missed: tile('Missed periods'),
      deadlines: tile('Cycles over their period'),
      cycles: tile('Read cycles'),
      writes: tile('Writes'),
      body: element('div', { class: 'tablewrap' }),
    };
    card.meter = element('div', { class: 'meter', role: 'meter', 'aria-label': 'Use of ' + bus.name, 'aria-valuemin': '0', 'aria-valuemax': '100' }, card.polls, card.probes);
    card.details = element('details', {}, element('summary', {}, 'Devices on this bus'), card.body);
    card.details.addEventListener('toggle', () => card.details.open && refresh());
    card.node = element(
      'section',
      { class: 'card wide bus', 'data-bus': bus.name },
      element('h2', {}, element('span', { class: 'mono break' }, bus.name), ' ', card.count),
      element('div', { class: 'use' }, card.meter, element('p', {}, card.use, card.useText)),
      element('div', { class: 'tiles' }, card.late, card.missed, card.deadlines, card.cycles, card.writes),
      card.details
    );
    return card;
  };

  const setTile = (node, text, alarm) => {
    setText(node.firstChild, text);
    node.classList.toggle('alarm', Boolean(alarm));
  };

  const paint = (card, bus) => {
    card.search = (bus.name + ' ' + bus.devices.join(' ')).toLowerCase();
    setText(card.count, `${bus.devices.length} ${bus.devices.length === 1 ? 'device' : 'devices'}`);
    const use = Math.min(1, bus.use);
    const probes = Math.min(use, bus.probes);
    card.polls.style.width = (use - probes) * 100 + '%';
    card.probes.style.width = probes * 100 + '%';
    card.meter.setAttribute('aria-valuenow', Math.round(use * 100));
    setText(card.use, percent(bus.use));
    setText(card.useText, ` in use in the last minute, ${percent(bus.probes)} for devices that are away`);
    setTile(card.late, figure(bus.lateP99Ms, 'ms'));
    setTile(card.missed, number(bus.missedPeriods), bus.missedPeriods);
    setTile(card.deadlines, number(bus.deadlineMisses), bus.deadlineMisses);
    setTile(card.cycles, number(bus.cycles));
    setTile(card.writes, number(bus.writes));
  };

  // Every driver has figures of its own: the heads are those that some device has.
  const heads = (devices) => {
    const found = new Map();
    for (const device of devices) {
      for (const one of device.figures) {
        found.set(one.key, one);
      }
    }
    return [...found.values()];
  };

  const table = (devices) => {
    const columns = heads(devices);
    if (columns.length === 0) {
      return element(
        'ul',
        { class: 'plain' },
        ...devices.map((device) => element('li', {}, element('a', { href: deviceLink(device.device) }, device.device)))
      );
    }
    const row = (device) => {
      const own = new Map(device.figures.map((one) => [one.key, one]));
      return element(
        'tr',
        {},
        element('th', { scope: 'row', class: 'point' }, element('a', { href: deviceLink(device.device) }, device.device)),
        ...columns.map((column) => {
          const one = own.get(column.key);
          const alarm = one && isTrouble(one);
          return element('td', { class: 'num' + (alarm ? ' alarm' : ''), 'data-label': column.label }, one ? figure(one.value, one.unit) : '–');
        })
      );
    };
    return element(
      'table',
      { class: 'stack' },
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Device'), ...columns.map((c) => element('th', { scope: 'col', class: 'num' }, c.label)))),
      element('tbody', {}, ...devices.map(row))
    );
  };

  const showDevices = async (name, card) => {
    const { devices } = await look('/api/v1/figures?bus=' + encodeURIComponent(name));
    const data = JSON.stringify(devices);
    // Not under somebody's hands: a link that has the focus stays.
    if (data !== card.shown && !card.body.contains(document.activeElement)) {
      card.shown = data;
      card.body.replaceChildren(table(devices));
    }
  };

  const filter = () => {
    const words = byId('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const card of cards.values()) {
      card.node.hidden = !words.every((word) => card.search.includes(word));
      shown += card.node.hidden ? 0 : 1;
    }
    const empty = byId('empty');
    empty.hidden = shown > 0;
    if (cards.size > 0) {
      empty.textContent = 'No bus fits the filter.';
    } else if (may('operator')) {
      empty.replaceChildren('There is no bus yet: a bus comes with its first device. ', element('a', { href: '/setup' }, 'Add a device'), '.');
    } else {
      empty.textContent = 'There is no bus yet: a bus comes with its first device.';
    }
  };
  byId('filter').addEventListener('input', filter);

  const refresh = poll(2000, async () => {
    const { buses } = await look('/api/v1/buses');
    const names = new Set(buses.map((bus) => bus.name));
    for (const [name, card] of cards) {
      if (!names.has(name)) {
        card.node.remove();
        cards.delete(name);
      }
    }
    for (const bus of buses) {
      if (!cards.has(bus.name)) {
        const card = makeCard(bus);
        card.details.open = buses.length <= 4;
        cards.set(bus.name, card);
        byId('buses').append(card.node);
      }
      paint(cards.get(bus.name), bus);
    }
    filter();
    const open = [...cards].filter(([, card]) => card.details.open && !card.node.hidden);
    await Promise.all(open.map(([name, card]) => showDevices(name, card)));
  });
})();
