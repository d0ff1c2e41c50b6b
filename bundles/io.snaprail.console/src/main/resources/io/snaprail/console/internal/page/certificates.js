'use strict';
// Identities and trusted roots: signing requests, imports, trials, refused certificates.
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
      fields: ['name', 'subject', 'names', 'key', 'token', 'role'],
      button: 'Make',
      send: (name) => {
        const role = byId('ask-role').value.trim();
        return call('POST', `/api/v1/identities/${name}/csr`, {
          subject: byId('ask-subject').value,
          keyType: byId('ask-key').value,
          alternativeNames: byId('ask-names').value.split(',').map((n) => n.trim()).filter((n) => n),
          ...(role ? { role } : {}),
          ...(byId('ask-token').value ? { token: byId('ask-token').value } : {}),
        });
      },
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
      hint: 'A key that was made elsewhere and its certificate: PEM in any order, as one text or several files, or one PKCS#12 file (.p12, .pfx).',
      fields: ['name', 'pem', 'file', 'passphrase'],
      button: 'Import',
      send: (name) => {
        const passphrase = byId('ask-passphrase').value;
        const secret = passphrase ? { passphrase } : {};
        return pkcs12
          ? call('POST', `/api/v1/identities/${name}/pkcs12`, { file: pkcs12, ...secret })
          : call('POST', `/api/v1/identities/${name}`, { pem: byId('ask-pem').value, ...secret });
      },
    },
    roots: {
      title: 'Import roots',
      hint: 'Certificates of the authorities that servers must come from. A set of this name is replaced.',
      fields: ['name', 'pem', 'file'],
      button: 'Import',
      send: (name) => call('POST', `/api/v1/roots/${name}`, { pem: byId('ask-pem').value }),
    },
    rotate: {
      title: 'Rotate',
      hint: 'Makes a new key where the old one is, has it signed, and tries it out; the old certificate stays until the new one is accepted.',
      fields: ['issuer'],
      button: 'Rotate',
      send: (name) => call('POST', `/api/v1/identities/${name}/rotate`, { issuer: byId('ask-issuer').value.trim() }),
      said: (name) => `${name}: the rotation has begun.`,
    },
    trust: {
      title: 'Trust a refused certificate',
      hint: 'Its root, or the certificate itself when no root was sent, is added to a set of roots. Connections that name that set accept it from then on.',
      fields: ['name'],
      button: 'Trust',
      send: (name) => call('POST', `/api/v1/refused-certificates/${fingerprint}/trust`, { roots: name }),
      said: (name) => `Trusted by whoever names the set of roots "${name}".`,
    },
  };

  let kind = null;
  let fixedName = null;
  let fingerprint = null;
  // Hardware tokens that can make keys.
  let tokens = [];
  // A chosen PKCS#12 file in base64.
  let pkcs12 = null;

  const show = (fields) => {
    for (const part of dialog.querySelectorAll('[data-for]')) {
      part.hidden = !fields.includes(part.dataset.for);
    }
  };

  const ask = (what, name) => {
    kind = KINDS[what];
    fixedName = name || null;
    pkcs12 = null;
    byId('ask-form').reset();
    byId('ask-title').textContent = kind.title + (name ? ' for ' + name : '');
    byId('ask-hint').textContent = kind.hint;
    byId('ask-submit').textContent = kind.button;
    byId('ask-submit').hidden = false;
    say('ask-result', '');
    show(kind.fields.filter((field) => field !== 'token' || tokens.length));
    byId('ask-token').replaceChildren(
      element('option', { value: '' }, 'a file of the gateway'),
      ...tokens.map((token) => element('option', { value: token }, 'hardware token ' + token))
    );
    dialog.showModal();
  };

  const base64 = async (file) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = '';
    for (const byte of bytes) {
      text += String.fromCharCode(byte);
    }
    return btoa(text);
  };

  byId('ask-pem').addEventListener('input', () => {
    pkcs12 = null;
  });

  byId('ask-file').addEventListener('change', async (event) => {
    const files = [...event.target.files];
    const binary = files.find((file) => /\.(p12|pfx)$/i.test(file.name));
    pkcs12 = binary ? await base64(binary) : null;
    byId('ask-pem').value = binary
      ? `${binary.name}: PKCS#12, ${binary.size} bytes`
      : (await Promise.all(files.map((file) => file.text()))).join('\n');
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
        say('result', kind.said ? kind.said(name) : imported(name, answer), 'good');
      }
    } catch (e) {
      say('ask-result', e.message);
    } finally {
      byId('ask-submit').disabled = false;
    }
  });
  const imported = (name, answer) =>
    answer && answer.state === 'TRIAL'
      ? `${name}: imported, and on trial. The old certificate stays until a connection with the new one is accepted.`
      : `${name}: imported.`;

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

  const change = async (name, what, done) => {
    try {
      const answer = await call('POST', `/api/v1/identities/${encodeURIComponent(name)}/${what}`);
      say('result', `${name}: ${answer.state === 'TRIAL' ? 'on trial.' : done}`, 'good');
    } catch (e) {
      say('result', e.message);
    }
    await list();
  };

  const discard = async (name) => {
    try {
      await call('DELETE', `/api/v1/identities/${encodeURIComponent(name)}/csr`);
      say('result', `${name}: the request and its key are gone.`, 'good');
    } catch (e) {
      say('result', e.message);
    }
    await list();
  };

  const PHASES = { SIGNING: 'uncertain', TRIAL: 'uncertain', DONE: 'good', FAILED: 'bad' };

  const rotationRow = (one) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'point' }, one.identity),
      element('td', {}, element('span', { class: 'q q-' + PHASES[one.phase] }, one.phase.toLowerCase())),
      element('td', { class: 'break' }, one.message || (one.phase === 'SIGNING' ? 'waits for the issuer' : '')),
      element('td', { class: 'break' }, one.issuer, element('div', { class: 'hint' }, one.reason)),
      element('td', {}, time(one.since))
    );

  const HINTS = {
    TRIAL: 'In force as soon as a connection with it is accepted; discarded when it fails three times and the old one does not.',
    PREVIOUS: 'Kept to go back to.',
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

  const row = (identity, first) => {
    const actions = element('div', { class: 'actionsrow end' });
    if (identity.state === 'PENDING') {
      actions.append(button('Import certificate', 'Import certificate for ' + identity.name, () => ask('certificate', identity.name)));
    }
    if (identity.state === 'PENDING') {
      actions.append(button('Discard', 'Discard the request of ' + identity.name, () => discard(identity.name)));
    }
    if (identity.state === 'ACTIVE') {
      actions.append(button('Rotate', 'Rotate ' + identity.name, () => ask('rotate', identity.name)));
    }
    if (identity.state === 'TRIAL') {
      actions.append(
        button('Put into force', 'Put the trial of ' + identity.name + ' into force', () => change(identity.name, 'commit', 'in force.')),
        button('Discard', 'Discard the trial of ' + identity.name, () => change(identity.name, 'rollback', 'discarded; the old one stays.'))
      );
    }
    if (identity.state === 'PREVIOUS') {
      actions.append(button('Roll back', 'Roll ' + identity.name + ' back to this', () => change(identity.name, 'rollback', 'rolled back.')));
    }
    if (first && identity.name !== 'console') {
      actions.append(button('Remove', 'Remove ' + identity.name, () => remove(identity.name), 'danger'));
    }
    return element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'point' }, identity.name),
      element('td', { title: HINTS[identity.state] || '' }, element('span', { class: 'q q-' + STATES[identity.state] }, identity.state.toLowerCase())),
      element('td', { class: 'break' }, identity.subject, element('div', { class: 'hint fingerprint' }, identity.fingerprint ? 'SHA-256 ' + identity.fingerprint : '')),
      element('td', { class: 'break' }, identity.issuer === identity.subject ? 'itself' : identity.issuer || '–'),
      element('td', { class: 'whole' }, identity.keyAlgorithm, ...(identity.token ? [element('div', { class: 'hint' }, 'in ' + identity.token)] : [])),
      until(identity),
      element('td', { class: 'write' }, actions)
    );
  };

  const refusedRow = (one) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'point' }, one.peer || '–'),
      element('td', { class: 'break' }, one.subject, element('div', { class: 'hint fingerprint' }, 'SHA-256 ' + one.fingerprint)),
      element('td', { class: 'break' }, one.reason),
      element('td', {}, time(one.last), element('div', { class: 'hint' }, one.count === 1 ? 'once' : one.count + ' times')),
      element(
        'td',
        { class: 'write' },
        one.curable
          ? button('Trust', 'Trust ' + one.subject, () => {
              fingerprint = one.fingerprint;
              ask('trust');
            })
          : element('span', { class: 'hint' }, 'trusting it would not help')
      )
    );

  const rootSet = (name, load) => {
    const body = element('tbody', {});
    const details = element(
      'details',
      { class: 'rootset' },
      element('summary', {}, element('strong', {}, name)),
      element(
        'div',
        { class: 'tablewrap' },
        element(
          'table',
          {},
          element('thead', {}, element('tr', {}, ...['Root', 'Key', 'Valid until'].map((title) => element('th', { scope: 'col' }, title)))),
          body
        )
      )
    );
    details.addEventListener('toggle', async () => {
      if (!details.open || body.childElementCount) {
        return;
      }
      try {
        const { certificates } = await load();
        body.replaceChildren(
          ...certificates.map((root) =>
            element(
              'tr',
              {},
              element('td', { class: 'break' }, root.subject, element('div', { class: 'hint fingerprint' }, 'SHA-256 ' + root.fingerprint)),
              element('td', { class: 'whole' }, root.keyAlgorithm),
              until(root)
            )
          )
        );
      } catch (e) {
        say('result', e.message);
      }
    });
    return details;
  };

  const list = async () => {
    const [{ rotations, issuers }, { identities, tokens: present }, { roots }, { refused }] = await Promise.all([
      call('GET', '/api/v1/rotations'),
      call('GET', '/api/v1/identities'),
      call('GET', '/api/v1/roots'),
      call('GET', '/api/v1/refused-certificates'),
    ]);
    tokens = present;
    byId('identities').replaceChildren(
      ...identities.map((identity, i) => row(identity, i === 0 || identities[i - 1].name !== identity.name))
    );
    byId('empty').hidden = identities.length > 0;
    byId('rotations').replaceChildren(...rotations.map(rotationRow));
    byId('rotations-part').hidden = rotations.length === 0;
    byId('ask-issuers').replaceChildren(
      ...[...issuers, ...roots.map((name) => 'authority:' + name)].map((value) => element('option', { value }))
    );
    byId('refused').replaceChildren(...refused.map(refusedRow));
    byId('refused-part').hidden = refused.length === 0;
    byId('roots').replaceChildren(
      ...roots.map((name) => rootSet(name, () => call('GET', '/api/v1/roots/' + encodeURIComponent(name)))),
      rootSet('Public roots of the JDK', () => call('GET', '/api/v1/public-roots'))
    );
  };

  list().catch((e) => say('result', e.message));
})();
