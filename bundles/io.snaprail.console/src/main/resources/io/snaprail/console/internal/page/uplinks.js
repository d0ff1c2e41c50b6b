'use strict';
// Every uplink: which state it is in, what it says, what waits in its spool.
(() => {
  const { element, look, poll, may, number, ago, setText } = snaprail;
  const byId = (id) => document.getElementById(id);
  const cards = new Map();

  // The states in the order in which a connection goes through them, and what each means.
  const STATES = {
    CONNECTING: ['Connecting', 'uncertain'],
    CONNECTED: ['Connected', 'good'],
    WAITING: ['Waiting to try again', 'uncertain'],
    FAULT: ['Needs somebody', 'bad'],
    STOPPED: ['Stopped', 'none'],
  };

  byId('add').hidden = !may('admin');

  const bytes = (count) => {
    const units = ['B', 'KB', 'MB', 'GB'];
    let at = 0;
    let value = count;
    while (value >= 1000 && at < units.length - 1) {
      value /= 1000;
      at++;
    }
    return `${value >= 100 || at === 0 ? Math.round(value) : value.toPrecision(2)} ${units[at]}`;
  };

  const tile = (label) => {
    const big = element('span', { class: 'big' });
    const node = element('div', { class: 'tile' }, big, element('span', { class: 'hint' }, label));
    return { node, big };
  };

  const makeCard = (key, uplink) => {
    const link = uplink.pid ? `/uplink?pid=${encodeURIComponent(uplink.pid)}` : '';
    const card = {
      states: Object.fromEntries(
        Object.entries(STATES)
          .filter(([state]) => state !== 'STOPPED')
          .map(([state, [label]]) => [state, element('li', { 'data-state': state }, label)])
      ),
      since: element('p', { class: 'hint' }),
      message: element('p', { class: 'words' }),
      problems: element('ul', { class: 'notes', hidden: '' }),
      meter: element('i', { class: 'polls' }),
      spool: element('p', { class: 'hint' }),
      rate: tile('messages/s acknowledged'),
      total: tile('acknowledged since start'),
      last: tile('since the last acknowledgement'),
      dropped: tile('dropped, as the spool was full'),
    };
    const edit = link && may('admin') ? [element('a', { class: 'button small', href: link }, 'Edit')] : [];
    card.endpoint = element('span', { class: 'hint mono' });
    card.running = element(
      'div',
      {},
      element('ol', { class: 'states', 'aria-label': 'State of the connection' }, ...Object.values(card.states)),
      card.since,
      card.message,
      element('div', { class: 'use' }, element('div', { class: 'meter', role: 'img', 'aria-label': 'How full the spool is' }, card.meter), card.spool),
      element('div', { class: 'tiles' }, card.rate.node, card.total.node, card.last.node, card.dropped.node)
    );
    card.node = element(
      'section',
      { class: 'card wide uplink', 'data-uplink': key },
      element('h2', {}, uplink.name, ' ', element('span', { class: 'hint' }, uplink.kind), ' ', card.endpoint, ...edit),
      card.problems,
      card.running
    );
    return card;
  };

  const paintStatus = (card, status, now) => {
    for (const [state, node] of Object.entries(card.states)) {
      const current = state === status.state;
      node.className = current ? 'q-' + STATES[state][1] : '';
      current ? node.setAttribute('aria-current', 'step') : node.removeAttribute('aria-current');
    }
    setText(card.endpoint, status.endpoint);
    setText(card.since, `${(STATES[status.state] || [status.state])[0]} for ${ago((now - Date.parse(status.since)) / 1000)}`);
    setText(card.message, status.message);
    const full = status.capacityBytes ? Math.min(100, (100 * status.waitingBytes) / status.capacityBytes) : 0;
    card.meter.style.width = full + '%';
    setText(
      card.spool,
      status.waiting
        ? `${number(status.waiting)} ${status.waiting === 1 ? 'message waits' : 'messages wait'}, ${bytes(status.waitingBytes)} of ${bytes(status.capacityBytes)}`
        : `nothing waits; there is room for ${bytes(status.capacityBytes)}`
    );
    const seconds = card.before ? (now - card.before.now) / 1000 : 0;
    const gained = card.before ? status.acknowledged - card.before.acknowledged : 0;
    setText(card.rate.big, seconds > 0 && gained >= 0 ? number(Math.round((10 * gained) / seconds) / 10) : '–');
    card.before = { now, acknowledged: status.acknowledged };
    setText(card.total.big, number(status.acknowledged));
    setText(card.last.big, status.lastAcknowledged ? ago((now - Date.parse(status.lastAcknowledged)) / 1000) : 'never');
    setText(card.dropped.big, number(status.dropped));
    card.dropped.node.classList.toggle('alarm', status.dropped > 0);
  };

  const paint = (card, uplink, now) => {
    const status = uplink.status;
    card.running.hidden = status === null;
    // A running uplink says itself what its board says of it.
    const told = uplink.problems.filter((one) => !status || one.message !== status.message).map((one) => one.message);
    if (status === null && told.length === 0) {
      told.push('It does not run: its bundle is not there, or it is just starting.');
    }
    const text = told.join('\n');
    if (card.told !== text) {
      card.told = text;
      card.problems.replaceChildren(...told.map((one) => element('li', { class: 'bad' }, one)));
    }
    card.problems.hidden = told.length === 0;
    if (status) {
      paintStatus(card, status, now);
    }
  };

  const show = (uplinks, now) => {
    const keys = new Set(uplinks.map((one) => one.pid || one.name));
    for (const [key, card] of cards) {
      if (!keys.has(key)) {
        card.node.remove();
        cards.delete(key);
      }
    }
    for (const uplink of uplinks) {
      const key = uplink.pid || uplink.name;
      if (!cards.has(key)) {
        cards.set(key, makeCard(key, uplink));
        byId('uplinks').append(cards.get(key).node);
      }
      paint(cards.get(key), uplink, now);
    }
    const well = uplinks.filter((one) => one.status && one.status.state === 'CONNECTED').length;
    setText(byId('summary'), uplinks.length ? `${well} of ${uplinks.length} connected` : '');
    byId('empty').hidden = uplinks.length > 0;
    if (may('admin')) {
      byId('empty').replaceChildren('There is no uplink yet. ', element('a', { href: '/uplink' }, 'Add the first one'), '.');
    } else {
      byId('empty').textContent = 'There is no uplink yet. An administrator can add one.';
    }
  };

  poll(1000, async () => {
    const answer = await look('/api/v1/uplinks');
    show(answer.uplinks, Date.parse(answer.now));
  });
})();
