'use strict';
// What every page shares: calls of the API, and keeping the session while someone is there.
const snaprail = (() => {
  const meta = (name) => document.querySelector(`meta[name="snaprail-${name}"]`).content;
  const csrf = meta('csrf');
  const role = meta('role');
  const roles = ['viewer', 'operator', 'admin'];
  const may = (wanted) => roles.indexOf(role) >= roles.indexOf(wanted);

  const toLogin = () => {
    location.assign('/login?next=' + encodeURIComponent(location.pathname));
  };

  // Calls the API with an object or with JSON text; throws an Error with the gateway's own words.
  const call = async (method, path, body) => {
    const options = { method, headers: { Accept: 'application/json' } };
    if (method !== 'GET') {
      options.headers['X-Snaprail-Csrf'] = csrf;
    }
    if (body !== undefined) {
      options.headers['Content-Type'] = 'application/json';
      options.body = typeof body === 'string' ? body : JSON.stringify(body);
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
    const json = text ? JSON.parse(text) : {};
    if (!response.ok) {
      const error = new Error(json.error ? json.error.message : json.message);
      error.outcome = json.status;
      throw error;
    }
    return json;
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

  return { call, may, element, time, toLogin };
})();
