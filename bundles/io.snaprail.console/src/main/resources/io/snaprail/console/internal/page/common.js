'use strict';
// What every page shares: calls of the API, and keeping the session while someone is there.
const snaprail = (() => {
  const meta = (name) => document.querySelector(`meta[name="snaprail-${name}"]`).content;
  const csrf = meta('csrf');
  const role = meta('role');
  const roles = ['viewer', 'operator', 'admin'];
  const may = (wanted) => roles.indexOf(role) >= roles.indexOf(wanted);

  const toLogin = () => {
    location.assign('/login?next=' + encodeURIComponent(location.pathname + location.search));
  };

  // Calls the API with an object or with a text; throws an Error with the gateway's own words.
  // Of extra: type of a text that is not JSON, text when the answer is none, further headers.
  const call = async (method, path, body, extra = {}) => {
    const accept = extra.text ? 'text/csv, application/json' : 'application/json';
    const options = { method, headers: { Accept: accept, ...extra.headers } };
    if (method !== 'GET') {
      options.headers['X-Snaprail-Csrf'] = csrf;
    }
    if (body !== undefined) {
      options.headers['Content-Type'] = extra.type || 'application/json';
      options.body = typeof body === 'string' || body instanceof ArrayBuffer ? body : JSON.stringify(body);
    }
    let response;
    try {
      response = await fetch(path, options);
    } catch (e) {
      throw new Error('The gateway does not answer. Is it running, and is the network up?');
    }
    if (response.status === 401) {
      toLogin();
      throw new Error('Your session is over.');
    }
    const text = await response.text();
    if (response.ok && extra.text) {
      return text;
    }
    const json = text ? JSON.parse(text) : {};
    if (!response.ok) {
      const error = new Error(json.error ? json.error.message : json.message);
      error.outcome = json.status;
      error.status = response.status;
      throw error;
    }
    return json;
  };

  // Reads without anybody doing anything: keeps no session alive.
  const look = (path) => call('GET', path, undefined, { headers: { 'X-Snaprail-Unattended': '1' } });

  // Does something again and again while the page is seen, and says when the gateway is away.
  const poll = (ms, task) => {
    const banner = document.getElementById('connection');
    let timer = 0;
    let running = false;
    const round = async () => {
      if (running) {
        return;
      }
      running = true;
      clearTimeout(timer);
      try {
        await task();
        banner.hidden = true;
        document.body.classList.remove('lost');
      } catch (e) {
        banner.hidden = false;
        banner.textContent = e.message + ' What is shown below is old.';
        document.body.classList.add('lost');
      }
      running = false;
      if (document.visibilityState === 'visible') {
        timer = setTimeout(round, ms);
      }
    };
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') {
        round();
      }
    });
    round();
    return round;
  };

  // An open page alone does not keep a session alive; a person at it does.
  let lastSign = performance.now();
  const alive = () => {
    const now = performance.now();
    if (now - lastSign > 60000 && document.visibilityState === 'visible') {
      lastSign = now;
      call('GET', '/api/v1/session').catch(() => {});
    }
  };
  for (const type of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
    addEventListener(type, alive, { passive: true });
  }

  const element = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === false || value === undefined || value === null) {
        continue; // so that a caller may say it in one line
      }
      if (name === 'class') {
        made.className = value;
      } else if (name.startsWith('on')) {
        made.addEventListener(name.slice(2), value);
      } else {
        made.setAttribute(name, value);
      }
    }
    made.append(...children);
    return made;
  };

  const time = (iso) => (iso ? new Date(iso).toLocaleString() : '–');

  const number = (value) => value.toLocaleString('en');
  const period = (ms) => (ms >= 1000 ? ms / 1000 + ' s' : ms + ' ms');

  // How long ago, in few letters.
  const ago = (seconds) => {
    const s = Math.max(0, seconds);
    if (s < 9.95) {
      return s.toFixed(1) + ' s';
    }
    if (s < 120) {
      return Math.floor(s) + ' s';
    }
    if (s < 7200) {
      return Math.floor(s / 60) + ' min';
    }
    return s < 172800 ? Math.floor(s / 3600) + ' h' : Math.floor(s / 86400) + ' d';
  };

  // A figure as a driver gives it: null is not known yet, and zero is a value.
  const figure = (value, unit) => {
    if (value === null) {
      return '–';
    }
    const rounded = Math.abs(value) >= 100 || Number.isInteger(value) ? Math.round(value) : Number(value.toPrecision(3));
    return number(rounded) + (unit ? (unit === '%' ? ' %' : ' ' + unit) : '');
  };

  // Whether a figure of a driver counts something that should not be.
  const isTrouble = (one) =>
    one.value > 0 && /exception|timeout|crc|_bad|quarantin|miss|fail|error|wrong|damaged|lost/.test(one.key);

  // Replaces a text only where it is another one.
  const setText = (node, text) => {
    if (node.textContent !== text) {
      node.textContent = text;
    }
  };

  const STATES = {
    ONLINE: ['good', 'Online'],
    STARTING: ['uncertain', 'Starting'],
    OFFLINE: ['bad', 'Offline'],
    MISCONFIGURED: ['bad', 'Misconfigured'],
    DISABLED: ['none', 'Switched off'],
  };
  const paintState = (badge, state) => {
    const [kind, text] = STATES[state] || ['none', state];
    badge.className = 'q q-' + kind;
    setText(badge, text);
    return badge;
  };

  const say = (node, text, kind) => {
    node.textContent = text;
    node.className = 'alert ' + (kind || 'bad');
  };

  // Hands a text to the browser as a file.
  const download = (name, text) => {
    const link = element('a', { href: URL.createObjectURL(new Blob([text], { type: 'text/csv' })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // On narrow screens the menu scrolls: what is current is seen.
  for (const current of document.querySelectorAll('nav [aria-current]')) {
    const list = current.closest('ul');
    list.scrollLeft = current.offsetLeft - list.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
  }

  const deviceLink = (name) => '/device?name=' + encodeURIComponent(name);

  return {
    call, look, poll, may, element, time, toLogin, number, period, ago, figure, setText, paintState, say, download, deviceLink, isTrouble,
  };
})();
