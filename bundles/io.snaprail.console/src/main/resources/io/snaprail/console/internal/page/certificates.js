'use strict';
// Identities and trusted roots: signing requests, imports.
(() => {
  const { element, call, time } = snaprail;
  const byId = (id) => document.getElementById(id);
  const dialog = byId('ask');
  const DAY = 86400000;

  const say = (id, text, kind) => {
    byId(id).textContent = text;
    byId(id).className = 'alert ' + (kind || 'bad');
  };

  // What each dialog asks for and does.
  const KINDS = {
    csr: {
      title: 'New signing request',
      hint: 'Makes a key and a request for a certificate. Give the request to your certificate authority, or to AWS IoT, and import what comes back.',
      fields: ['name', 'subject', 'key'],
      button: 'Make',
      send: (name) => call('POST', `/api/v1/identities/${name}/csr`, { subject: byId('ask-subject').value, keyType: byId('ask-key').value }),
      done: (answer) => {
        show(['pem']);
        byId('ask-pem').value = answer.csr;
        byId('ask-pem').select();
        say('ask-result', 'Made. Copy the request; the key stays here.', 'good');
        byId('ask-submit').hidden = true;
      },
    },
    certificate: {
      title: 'Import certificate',
      hint: 'The certificate that was signed for this key, with its chain if it has one.',
      fields: ['pem', 'file'],
      button: 'Import',
      send: (name) => call('POST', `/api/v1/identities/${name}/certificate`, { pem: byId('ask-pem').value }),
    },
    identity: {
      title: 'Import key and certificate',
      hint: 'A key that was made elsewhere and its certificate, in any order, as one text or several files.',
      fields: ['name', 'pem', 'file', 'passphrase'],
      button: 'Import',
      send: (name) => {
        const passphrase = byId('ask-passphrase').value;
        return call('POST', `/api/v1/identities/${name}`, { pem: byId('ask-pem').value, ...(passphrase ? { passphrase } : {}) });
      },
    },
    roots: {
      title: 'Import roots',
      hint: 'Certificates of the authorities that servers must come from. A set of this name is replaced.',
      fields: ['name', 'pem', 'file'],
      button: 'Import',
      send: (name) => call('POST', `/api/v1/roots/${name}`, { pem: byId('ask-pem').value }),
    },
  };

  let kind = null;
  let fixedName = null;

  const show = (fields) => {
    for (const part of dialog.querySelectorAll('[data-for]')) {
      part.hidden = !fields.includes(part.dataset.for);
    }
  };

  const ask = (what, name) => {
    kind = KINDS[what];
    fixedName = name || null;
    byId('ask-form').reset();
    byId('ask-title').textContent = kind.title + (name ? ' for ' + name : '');
    byId('ask-hint').textContent = kind.hint;
    byId('ask-submit').textContent = kind.button;
    byId('ask-submit').hidden = false;
    say('ask-result', '');
    show(kind.fields);
    dialog.showModal();
  };

  byId('ask-file').addEventListener('change', async (event) => {
    const texts = await Promise.all([...event.target.files].map((file) => file.text()));
    byId('ask-pem').value = texts.join('\n');
  });

  byId('ask-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const name = fixedName || byId('ask-name').value.trim();
    if (!/^[A-Za-z0-9_.-]{1,64}$/.test(name)) {
      say('ask-result', 'The name must be 1 to 64 letters, digits, "_", "-" or ".".');
      return;
    }
    byId('ask-submit').disabled = true;
    try {
      const answer = await kind.send(name);
      await list();
      if (kind.done) {
        kind.done(answer);
      } else {
        dialog.close();
        say('result', `${name}: imported.`, 'good');
      }
    } catch (e) {
      say('ask-result', e.message);
    } finally {
      byId('ask-submit').disabled = false;
    }
  });
  byId('ask-cancel').addEventListener('click', () => dialog.close());
  byId('new-csr').addEventListener('click', () => ask('csr'));
  byId('new-identity').addEventListener('click', () => ask('identity'));
  byId('new-roots').addEventListener('click', () => ask('roots'));

  const remove = async (name) => {
    if (!confirm(`Remove "${name}" and its key for good? Connections that use it will fail.`)) {
      return;
    }
    try {
      await call('DELETE', '/api/v1/identities/' + encodeURIComponent(name));
      say('result', `${name}: removed.`, 'good');
    } catch (e) {
      say('result', e.message);
    }
    await list();
  };

  const STATES = { ACTIVE: 'good', PENDING: 'uncertain', TRIAL: 'uncertain', PREVIOUS: 'none' };

  const until = (identity) => {
    if (!identity.notAfter) {
      return element('td', {}, '–');
    }
    const days = Math.floor((Date.parse(identity.notAfter) - Date.now()) / DAY);
    const text = days < 0 ? 'expired' : days < 60 ? `${days} ${days === 1 ? 'day' : 'days'} left` : '';
    return element(
      'td',
      {},
      time(identity.notAfter),
      ...(text ? [' ', element('span', { class: 'q ' + (days < 14 ? 'q-bad' : 'q-uncertain') }, text)] : [])
    );
  };

  const button = (text, label, action, extra) =>
    element('button', { type: 'button', class: 'small ' + (extra || ''), 'aria-label': label, onclick: action }, text);

  const row = (identity) => {
    const actions = element('div', { class: 'actionsrow end' });
    if (identity.state === 'PENDING') {
      actions.append(button('Import certificate', 'Import certificate for ' + identity.name, () => ask('certificate', identity.name)));
    }
    if (identity.name !== 'console') {
      actions.append(button('Remove', 'Remove ' + identity.name, () => remove(identity.name), 'danger'));
    }
    return element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'point' }, identity.name),
      element('td', {}, element('span', { class: 'q q-' + STATES[identity.state] }, identity.state.toLowerCase())),
      element('td', { class: 'break' }, identity.subject, element('div', { class: 'hint fingerprint' }, identity.fingerprint ? 'SHA-256 ' + identity.fingerprint : '')),
      element('td', { class: 'break' }, identity.issuer === identity.subject ? 'itself' : identity.issuer || '–'),
      element('td', { class: 'whole' }, identity.keyAlgorithm),
      until(identity),
      element('td', { class: 'write' }, actions)
    );
  };

  const list = async () => {
    const [{ identities }, { roots }] = await Promise.all([
      call('GET', '/api/v1/identities'),
      call('GET', '/api/v1/roots'),
    ]);
    byId('identities').replaceChildren(...identities.map(row));
    byId('empty').hidden = identities.length > 0;
    byId('roots').replaceChildren(
      ...(roots.length ? roots : ['none']).map((name) => element('div', { class: 'chip' }, element('strong', {}, name)))
    );
  };

  list().catch((e) => say('result', e.message));
})();
