'use strict';
// An MQTT client in the browser: a client inside the endpoint does the work, this shows it.
(() => {
  const { element, call, may, number, say } = snaprail;
  const { get, send, byId, part, act, shortId } = local;
  const MAX_SHOWN = 200;
  let client = null; // id of the client inside the endpoint
  let last = 0; // number of the newest message that is shown
  let held = false;
  let waiting = [];
  let dropped = 0;
  let all = 0;

  const connected = (yes) => {
    byId('connect-button').textContent = yes ? 'Disconnect' : 'Connect';
    byId('connect-button').classList.toggle('primary', !yes);
    for (const id of ['as', 'client-id']) {
      byId(id).disabled = yes;
    }
    if (!yes) {
      client = null;
      byId('filters').replaceChildren();
    }
  };

  // ---- messages

  const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

  const asHex = (data) => {
    const lines = [];
    for (let i = 0; i < data.length; i += 16) {
      const row = [...data.slice(i, i + 16)];
      const hex = row.map((b) => b.toString(16).padStart(2, '0')).join(' ');
      const readable = row.map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '.')).join('');
      lines.push(i.toString(16).padStart(4, '0') + '  ' + hex.padEnd(47) + '  ' + readable);
    }
    return lines.join('\n');
  };

  const shownAs = (message) => {
    const data = bytes(message.payload);
    const form = byId('form').value;
    if (form === 'hex') {
      return asHex(data);
    }
    let plain;
    try {
      plain = new TextDecoder('utf-8', { fatal: true }).decode(data);
    } catch (e) {
      return asHex(data);
    }
    if (form === 'json') {
      try {
        return JSON.stringify(JSON.parse(plain), null, 2);
      } catch (e) {
        return plain;
      }
    }
    return plain;
  };

  const item = (message) => {
    const body = element('pre', { tabindex: '0', 'aria-label': 'Payload' });
    const size = bytes(message.payload).length;
    body.textContent = size ? shownAs(message) : '(empty)';
    const node = element(
      'li',
      { class: 'message' },
      element(
        'header',
        {},
        element('span', { class: 'topic' }, message.topic),
        element('span', { class: 'hint' }, `QoS ${message.qos}` + (message.retained ? ' · retained' : '') + ` · ${number(size)} bytes · ${new Date(message.time).toLocaleTimeString()}`)
      ),
      body
    );
    node.message = message;
    return node;
  };

  const paintCount = () => {
    const missed = dropped ? ` · ${number(dropped)} missed: too many at once` : '';
    const later = held && waiting.length ? ` · paused, ${number(waiting.length)} more` : '';
    byId('count').textContent = all ? `${number(all)} received` + (all > MAX_SHOWN ? `, the newest ${MAX_SHOWN} are shown` : '') + later + missed : '';
    byId('empty').hidden = byId('messages').children.length > 0;
  };

  const append = (messages) => {
    const list = byId('messages');
    list.prepend(...messages.slice(-MAX_SHOWN).reverse().map(item));
    while (list.children.length > MAX_SHOWN) {
      list.lastChild.remove();
    }
  };

  const take = (messages) => {
    all += messages.length;
    if (held) {
      waiting = waiting.concat(messages).slice(-MAX_SHOWN);
    } else if (messages.length) {
      append(messages);
    }
    paintCount();
  };

  const follow = async (mine) => {
    let failures = 0;
    while (client === mine) {
      try {
        const news = await get(`clients/${mine}/messages?after=${last}`);
        failures = 0;
        if (client !== mine) {
          return;
        }
        last = news.last;
        dropped = news.dropped;
        take(news.messages);
        if (news.ended) {
          connected(false);
          say(byId('result'), 'Disconnected: ' + news.ended);
          byId('state').textContent = 'Not connected.';
        }
      } catch (e) {
        if (client !== mine) {
          return;
        }
        if (e.status === 404 || ++failures > 10) {
          connected(false);
          byId('state').textContent = 'Not connected.';
          say(byId('result'), e.message);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  };

  byId('form').addEventListener('change', () => {
    for (const node of byId('messages').children) {
      node.querySelector('pre').textContent = node.message.payload ? shownAs(node.message) : '(empty)';
    }
  });
  byId('pause').addEventListener('click', () => {
    held = !held;
    byId('pause').textContent = held ? 'Go on' : 'Pause';
    byId('pause').setAttribute('aria-pressed', String(held));
    if (!held) {
      append(waiting);
      waiting = [];
    }
    paintCount();
  });
  byId('clear').addEventListener('click', () => {
    byId('messages').replaceChildren();
    waiting = [];
    all = 0;
    paintCount();
  });

  // ---- connection

  const connect = async () => {
    const answer = await act(byId('result'), () =>
      send('POST', 'clients', { clientId: byId('client-id').value.trim(), certificate: byId('as').value })
    );
    if (answer) {
      client = answer.id;
      last = 0;
      connected(true);
      byId('state').textContent = `Connected as “${answer.clientId}”` + (byId('as').value ? ', with what its certificate may do.' : ': everything is allowed.');
      follow(client);
    }
    return Boolean(answer);
  };

  byId('connect').addEventListener('submit', async (event) => {
    event.preventDefault();
    if (client) {
      const gone = client;
      connected(false);
      byId('state').textContent = 'Not connected.';
      await act(byId('result'), () => send('DELETE', 'clients/' + gone));
    } else {
      await connect();
    }
  });

  const filterLine = (filter, qos) => {
    const line = element('li', {}, element('span', { class: 'mono' }, filter), element('span', { class: 'hint' }, 'QoS ' + qos));
    line.dataset.filter = filter;
    line.append(
      element('button', {
        type: 'button',
        class: 'small',
        'aria-label': 'Unsubscribe from ' + filter,
        onclick: () =>
          act(byId('result'), () => send('POST', `clients/${client}/unsubscribe`, { filter })).then((done) => done && line.remove()),
      }, 'Unsubscribe')
    );
    return line;
  };

  byId('subscribe').addEventListener('submit', async (event) => {
    event.preventDefault();
    const filter = byId('filter').value;
    const qos = Number(byId('sub-qos').value);
    if (!client && !(await connect())) {
      return;
    }
    const done = await act(byId('result'), () => send('POST', `clients/${client}/subscribe`, { filter, qos }));
    if (done) {
      const old = [...byId('filters').children].find((line) => line.dataset.filter === filter);
      if (old) {
        old.remove();
      }
      byId('filters').append(filterLine(filter, qos));
    }
  });

  const publish = async () => {
    if (client || (await connect())) {
      await act(
        byId('result'),
        () =>
          send('POST', `clients/${client}/publish`, {
            topic: byId('topic').value,
            payload: byId('payload').value,
            qos: Number(byId('pub-qos').value),
            retain: byId('retain').checked,
          }),
        `Published on ${byId('topic').value}.`
      );
    }
  };
  byId('publish').addEventListener('submit', (event) => {
    event.preventDefault();
    publish();
  });
  byId('payload').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      publish();
    }
  });
  addEventListener('pagehide', () => {
    if (client) {
      fetch(local.ROOT + 'clients/' + client, {
        method: 'DELETE',
        keepalive: true,
        headers: { 'X-Snaprail-Csrf': document.querySelector('meta[name="snaprail-csrf"]').content },
      });
    }
  });

  const start = async () => {
    byId('client-id').value = 'console-' + Math.random().toString(36).slice(2, 8);
    connected(false);
    if (!may('operator')) {
      for (const id of ['connect-button', 'sub-button', 'pub-button']) {
        byId(id).disabled = true;
      }
      byId('state').textContent = 'Connecting is for operators and administrators.';
      return;
    }
    const { certificates } = await get('certificates');
    byId('as').append(
      ...certificates
        .filter((one) => one.status === 'ACTIVE')
        .map((one) => element('option', { value: one.id }, (one.things.join(', ') || one.subject) + ' · certificate ' + shortId(one.id)))
    );
    byId('as').addEventListener('change', () => {
      const chosen = certificates.find((one) => one.id === byId('as').value);
      if (chosen && chosen.things.length) {
        byId('client-id').value = chosen.things[0];
        byId('state').textContent = `Not connected. A device that is connected as “${chosen.things[0]}” is disconnected when you connect: a client id is for one at a time.`;
      }
    });
  };
  start().catch((e) => say(byId('result'), e.message));
})();
