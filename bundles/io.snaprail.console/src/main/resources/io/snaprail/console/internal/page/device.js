'use strict';
// One device: what it is, how it goes, what is read together, its points, its tools.
(() => {
  const { element, look, call, poll, may, ago, period, figure, number, setText, paintState, say, isTrouble } = snaprail;
  const byId = (id) => document.getElementById(id);
  const name = new URLSearchParams(location.search).get('name') || '';
  const path = '/api/v1/devices/' + encodeURIComponent(name);
  const QUALITY = { GOOD: 'Good', UNCERTAIN: 'Uncertain', BAD: 'Bad', NONE: 'None' };

  byId('name').textContent = name;
  document.title = name + ' · Snaprail';
  byId('export').href = path + '/map.csv';
  byId('export').setAttribute('download', name + '.csv');

  let pid = '';

  const fact = (label, text) => element('div', {}, element('dt', {}, label), element('dd', {}, text));

  const facts = (device, told) => {
    const ours = [
      ['Bus', device.bus],
      ['Configuration', device.pid ? device.pid : 'none'],
      ['Points', `${number(device.points)} in use, every ${period(device.periodMs)} unless a row says otherwise`],
    ];
    const labels = new Set(told.map((one) => one.label));
    const all = [...ours.filter(([label]) => !labels.has(label)), ...told.map((one) => [one.label, one.text])];
    const text = JSON.stringify(all);
    if (byId('facts').dataset.shown !== text) {
      byId('facts').dataset.shown = text;
      byId('facts').replaceChildren(element('dl', {}, ...all.map(([label, value]) => fact(label, value))));
    }
  };

  const figures = (device, told) => {
    const own = [
      { key: 'cycles', label: 'Read cycles', value: device.cycles, unit: '' },
      { key: 'failed', label: 'Failed cycles', value: device.failedCycles, unit: '' },
      { key: 'missed', label: 'Missed periods', value: device.missedPeriods, unit: '' },
      { key: 'deadline_misses', label: 'Cycles over their period', value: device.deadlineMisses, unit: '' },
      { key: 'last_read_ms', label: 'Last cycle took', value: device.lastReadMs, unit: 'ms' },
    ];
    const all = [...own, ...told];
    const into = byId('figures');
    if (into.children.length !== all.length) {
      into.replaceChildren(...all.map(() => element('div', { class: 'tile' }, element('span', { class: 'big' }), element('span', { class: 'hint' }))));
    }
    all.forEach((one, i) => {
      const [value, label] = into.children[i].children;
      into.children[i].dataset.key = one.key;
      setText(value, figure(one.value, one.unit));
      setText(label, one.label.charAt(0).toUpperCase() + one.label.slice(1));
      into.children[i].classList.toggle('alarm', isTrouble(one));
    });
    byId('figures-title').hidden = false;
  };

  const rows = new Map();

  const makeRow = (point) => {
    const cell = (label, kind, ...inside) => element('td', { 'data-label': label, class: kind }, ...inside);
    const row = {
      value: cell('Value', 'num value'),
      badge: element('span', {}),
      reason: element('span', { class: 'reason' }),
      age: cell('Age', 'num age'),
    };
    row.node = element(
      'tr',
      { 'data-point': point.point },
      element('th', { scope: 'row', class: 'point' }, point.point, ...(point.description ? [element('span', { class: 'description' }, point.description)] : [])),
      row.value,
      cell('Unit', 'unit', point.unit),
      cell('Quality', 'quality', row.badge, row.reason),
      cell('Address', 'mono break', point.address),
      cell('Type', 'mono break', point.type),
      row.age
    );
    return row;
  };

  let shape = '';

  const points = (list, now) => {
    const latest = JSON.stringify(list.map((p) => [p.point, p.address, p.type, p.unit, p.description]));
    if (latest !== shape) {
      shape = latest;
      rows.clear();
      list.forEach((point) => rows.set(point.point, makeRow(point)));
      byId('rows').replaceChildren(...[...rows.values()].map((row) => row.node));
    }
    for (const point of list) {
      const row = rows.get(point.point);
      setText(row.value, point.text === '' ? '–' : point.text);
      row.badge.className = 'q q-' + point.quality.toLowerCase();
      setText(row.badge, QUALITY[point.quality] || point.quality);
      setText(row.reason, point.quality === 'GOOD' ? '' : point.reason);
      setText(row.age, point.sourceTime ? ago((now - Date.parse(point.sourceTime)) / 1000) : '–');
    }
    byId('empty').hidden = list.length > 0;
    byId('empty').textContent = 'This device has no usable point. Edit it and choose a register map or give rows.';
  };

  const status = (device) => {
    paintState(byId('state'), device.state);
    setText(byId('about'), device.lastAnswer ? '' : 'It has never answered since the gateway started.');
    say(byId('message'), device.message, device.state === 'DISABLED' || device.state === 'STARTING' ? 'info' : 'bad');
    if (device.pid.includes('~') && may('operator')) {
      byId('edit').hidden = false;
      byId('edit').href = '/setup?pid=' + encodeURIComponent(device.pid);
      byId('edit').textContent = may('admin') ? 'Edit' : 'Settings and test';
    }
    if (device.pid !== pid) {
      pid = device.pid;
      tools().catch((e) => say(byId('message'), e.message));
    }
  };

  // Tools work with the settings that the device has now.
  const tools = async () => {
    if (!pid.includes('~') || !may('operator')) {
      return;
    }
    const { drivers } = await look('/api/v1/drivers');
    const driver = drivers.find((one) => pid.startsWith(one.pid + '~'));
    byId('tools').hidden = !driver || driver.tools.length === 0;
    if (driver) {
      const settings = async () => (await call('GET', `/api/v1/devices/${encodeURIComponent(pid)}/configuration`)).settings;
      snaprail.tools(byId('toollist'), driver, settings, {});
    }
  };

  const gone = () => {
    say(byId('message'), `There is no device "${name}" now. It may have been removed or renamed, or it is about to start.`, 'info');
    paintState(byId('state'), 'gone');
    byId('empty').hidden = false;
    byId('empty').textContent = '';
  };

  poll(1000, async () => {
    const { devices, now } = await look('/api/v1/devices');
    const device = devices.find((one) => one.name === name);
    if (!device) {
      gone();
      return;
    }
    const [told, read] = await Promise.all([look(path + '/inspection'), look('/api/v1/points?device=' + encodeURIComponent(name))]);
    status(device);
    facts(device, told.facts);
    figures(device, told.figures);
    byId('reads').hidden = told.reads.length === 0;
    snaprail.picture(byId('picture'), told.reads);
    points(read.points, Date.parse(now));
  });
})();
