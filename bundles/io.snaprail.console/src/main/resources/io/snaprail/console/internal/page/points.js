'use strict';
// Live table of points, fed by server-sent events.
(() => {
  const { element, call, may, toLogin, ago, period, deviceLink } = snaprail;
  const byId = (id) => document.getElementById(id);
  const body = byId('rows');
  const filter = byId('filter');
  const QUALITY = { GOOD: 'Good', UNCERTAIN: 'Uncertain', BAD: 'Bad', NONE: 'None' };
  const LOST_AFTER_MS = 12000;

  let rows = [];
  let ready = false;
  let clockOffset = 0; // gateway's clock minus this browser's monotonic clock
  let lastFrame = performance.now();
  let source = null;
  let retryMs = 1000;

  const now = () => performance.now() + clockOffset;

  // ---- table

  // A table of thousands of rows is kept up to date where it is seen; a small one everywhere.
  const MANY = 300;
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const row = entry.target.row;
        row.inView = entry.isIntersecting;
        if (row.inView && row.shown) {
          paint(row);
        }
      }
    },
    { rootMargin: '300px' }
  );
  const seen = (row) => row.shown && (row.inView || rows.length <= MANY);

  const age = (millis) => {
    if (millis === null) {
      return '–';
    }
    return ago((now() - millis) / 1000);
  };

  const setText = (node, text) => {
    if (node.firstChild) {
      if (node.firstChild.data !== text) {
        node.firstChild.data = text;
      }
    } else {
      node.append(text);
    }
  };

  const paint = (row) => {
    setText(row.valueCell, row.text === '' ? '–' : row.text);
    const badge = row.badge;
    const kind = 'q q-' + row.quality.toLowerCase();
    if (badge.className !== kind) {
      badge.className = kind;
      setText(badge, QUALITY[row.quality] || row.quality);
    }
    const reason = row.quality === 'GOOD' ? '' : row.reason;
    if (row.reasonNode.textContent !== reason) {
      row.reasonNode.textContent = reason;
      row.reasonNode.title = reason;
    }
    setText(row.ageCell, age(row.time));
  };

  const makeRow = (point, firstOfDevice) => {
    const row = {
      point,
      text: point.text,
      quality: point.quality,
      reason: point.reason,
      time: point.sourceTime ? Date.parse(point.sourceTime) : null,
      valueCell: element('td', { class: 'num value', 'data-label': 'Value' }),
      badge: element('span', {}),
      reasonNode: element('span', { class: 'reason' }),
      ageCell: element('td', { class: 'num age', 'data-label': 'Age' }),
      search: '',
      shown: true,
      inView: false,
    };
    const name = element('span', {}, point.point);
    const pointCell = element('th', { scope: 'row', class: 'point' }, name);
    if (point.description) {
      pointCell.append(element('span', { class: 'description' }, point.description));
    }
    const write = element('td', { class: 'write' });
    if (point.access !== 'r' && may('operator')) {
      write.append(
        element(
          'button',
          {
            type: 'button',
            class: 'small',
            'aria-label': `Write ${point.point} of ${point.device}`,
            onclick: () => snaprail.openWrite(row),
          },
          'Write'
        )
      );
    }
    row.node = element(
      'tr',
      { class: firstOfDevice ? 'first' : '', 'data-device': point.device, 'data-point': point.point },
      element('td', { class: 'device' }, point.device),
      pointCell,
      row.valueCell,
      element('td', { class: 'unit' }, point.unit),
      element('td', { class: 'quality' }, row.badge, row.reasonNode),
      row.ageCell,
      write
    );
    row.node.row = row;
    row.search = `${point.device} ${point.point} ${point.unit} ${point.description}`.toLowerCase();
    paint(row);
    return row;
  };

  const snapshot = (data) => {
    clockOffset = data.now - performance.now();
    let device = null;
    rows = data.points.map((point) => {
      const first = point.device !== device;
      device = point.device;
      return makeRow(point, first);
    });
    const fragment = document.createDocumentFragment();
    fragment.append(...rows.map((row) => row.node));
    watcher.disconnect();
    body.replaceChildren(fragment);
    if (rows.length > MANY) {
      rows.forEach((row) => watcher.observe(row.node));
    }
    applyFilter();
  };

  const changes = (data) => {
    clockOffset = data.now - performance.now();
    for (const [index, text, quality, time, reason] of data.rows) {
      const row = rows[index];
      if (!row) {
        continue;
      }
      const changed = row.text !== text;
      row.text = text;
      row.quality = quality;
      row.reason = reason || '';
      row.time = time;
      if (seen(row)) {
        paint(row);
        if (changed) {
          flash(row.valueCell);
        }
      }
    }
    summary();
  };

  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const flash = (cell) => {
    if (!calm.matches && rows.length <= MANY) {
      cell.classList.remove('changed');
      requestAnimationFrame(() => cell.classList.add('changed'));
    }
  };

  const applyFilter = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = row.search + ' ' + (QUALITY[row.quality] || '').toLowerCase();
      const shown = words.every((word) => text.includes(word));
      if (shown !== row.shown) {
        row.shown = shown;
        row.node.hidden = !shown;
      }
      if (seen(row)) {
        paint(row);
      }
    }
    summary();
  };
  filter.addEventListener('input', applyFilter);

  const summary = () => {
    const shown = rows.filter((row) => row.shown).length;
    const bad = rows.filter((row) => row.quality === 'BAD').length;
    const of = shown === rows.length ? `${rows.length}` : `${shown} of ${rows.length}`;
    const text = rows.length
      ? `${of} ${rows.length === 1 ? 'point' : 'points'}${bad ? `, ${bad} bad` : ''}`
      : '';
    if (byId('summary').textContent !== text) {
      byId('summary').textContent = text;
    }
    const empty = byId('empty');
    empty.hidden = shown > 0;
    empty.textContent = rows.length
      ? 'No point fits the filter.'
      : ready
        ? 'There is no point yet. Add a device on the Devices page, or put its file into config/.'
        : 'Waiting for values…';
  };

  setInterval(() => {
    if (document.visibilityState === 'visible') {
      for (const row of rows) {
        if (seen(row)) {
          setText(row.ageCell, age(row.time));
        }
      }
    }
    if (source && performance.now() - lastFrame > LOST_AFTER_MS) {
      lost();
    }
  }, 500);

  // ---- devices, uplinks, problems

  const LOOK = {
    ONLINE: 'ok', CONNECTED: 'ok', STARTING: 'busy', CONNECTING: 'busy', WAITING: 'warn',
    OFFLINE: 'bad', MISCONFIGURED: 'bad', FAULT: 'bad', DISABLED: 'off', STOPPED: 'off',
  };

  const chip = (name, state, detail, message, href) =>
    element(
      'div',
      { class: 'chip c-' + (LOOK[state] || 'off') },
      element(
        'div',
        { class: 'line' },
        element('span', { class: 'dot', 'aria-hidden': 'true' }),
        element('strong', {}, href ? element('a', { href }, name) : name),
        element('span', { class: 'state' }, state.toLowerCase()),
        ...(detail ? [element('span', { class: 'detail' }, detail)] : [])
      ),
      ...(message ? [element('span', { class: 'message' }, message)] : [])
    );

  const deviceDetail = (device) => {
    return `${device.points} ${device.points === 1 ? 'point' : 'points'}, every ${period(device.periodMs)}`;
  };

  const uplinkDetail = (uplink) =>
    `${uplink.acknowledged.toLocaleString('en')} acknowledged, ${uplink.waiting.toLocaleString('en')} waiting` +
    (uplink.dropped ? `, ${uplink.dropped.toLocaleString('en')} dropped` : '');

  const problem = (entry) =>
    element(
      'div',
      { class: 'problem p-' + entry.severity.toLowerCase() },
      element('strong', {}, entry.severity === 'ERROR' ? 'Error' : 'Warning'),
      element('span', { class: 'subject' }, entry.subject),
      element('span', {}, entry.message)
    );

  const MAX_CHIPS = 40;
  const fill = (id, nodes) => {
    const more = nodes.length - MAX_CHIPS;
    const shown = more > 0 ? nodes.slice(0, MAX_CHIPS) : nodes;
    if (more > 0) {
      shown.push(element('div', { class: 'chip c-off' }, `and ${more} more`));
    }
    byId(id).replaceChildren(...shown);
  };

  const status = (data) => {
    ready = data.ready;
    const rank = { bad: 0, warn: 1, busy: 2, ok: 3, off: 4 };
    const devices = [...data.devices].sort((a, b) => rank[LOOK[a.state]] - rank[LOOK[b.state]]);
    fill('devices', devices.map((d) => chip(d.name, d.state, deviceDetail(d), d.message, deviceLink(d.name))));
    fill('uplinks', data.uplinks.map((u) => chip('↑ ' + u.name, u.state, uplinkDetail(u), u.message)));
    const problems = data.problems;
    byId('problems').hidden = problems.length === 0;
    byId('problems').replaceChildren(...problems.map(problem));
    summary();
  };

  // ---- connection

  const banner = byId('connection');
  const lost = () => {
    if (source) {
      source.close();
      source = null;
    }
    document.body.classList.add('lost');
    banner.hidden = false;
    banner.textContent = 'Connection lost: the values below are old. Connecting again…';
    setTimeout(connect, retryMs);
    retryMs = Math.min(retryMs * 2, 10000);
  };

  const heard = () => {
    lastFrame = performance.now();
    retryMs = 1000;
    if (!banner.hidden) {
      banner.hidden = true;
      document.body.classList.remove('lost');
    }
  };

  const on = (type, take) =>
    source.addEventListener(type, (event) => {
      heard();
      take(JSON.parse(event.data));
    });

  const connect = () => {
    lastFrame = performance.now();
    source = new EventSource('/api/v1/events');
    on('snapshot', snapshot);
    on('changes', changes);
    on('status', status);
    on('tick', (data) => { clockOffset = data.now - performance.now(); });
    source.addEventListener('bye', () => {
      source.close();
      source = null;
      toLogin();
    });
    source.onerror = () => {
      lost();
      call('GET', '/api/v1/session').catch(() => {}); // leads to the login if that is the reason
    };
  };
  connect();
})();
