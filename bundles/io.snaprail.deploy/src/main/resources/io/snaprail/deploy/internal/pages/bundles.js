'use strict';
// What is deployed, and what becomes of orders.
(() => {
  const { call, look, poll, may, element, say, setText, time } = snaprail;
  const byId = (id) => document.getElementById(id);
  const admin = may('admin');
  const PIECE = 131072;
  const WORDS = { INSTALL: 'Install', UPDATE: 'Update', REMOVE: 'Remove', ROLL_BACK: 'Roll back' };
  const QUALITY = { DONE: 'q q-good', REFUSED: 'q q-bad', FAILED: 'q q-bad' };

  const cell = (label, ...content) => element('td', { 'data-label': label }, ...content);
  const button = (text, label, task, kind = '') => {
    const made = element('button', { type: 'button', class: kind, 'aria-label': label }, text);
    made.addEventListener('click', () => task().catch((e) => say(byId('result'), e.message)));
    return made;
  };

  const order = async (action, more) => {
    say(byId('result'), '');
    await call('POST', '/api/v1/ext/deploy/orders', { action, ...more });
    await refresh();
  };

  const actions = ({ symbolicName, previous }) => [
    button('Roll back', 'Roll back ' + symbolicName, async () => {
      if (confirm(`Roll ${symbolicName} back${previous ? ' to ' + previous : ''}?`)) {
        await order('ROLL_BACK', { symbolicName });
      }
    }),
    button('Remove', 'Remove ' + symbolicName, async () => {
      if (confirm(`Remove ${symbolicName}?`)) {
        await order('REMOVE', { symbolicName });
      }
    }, 'danger'),
  ];

  const row = (bundle) =>
    element(
      'tr',
      { 'data-bundle': bundle.symbolicName },
      element('th', { scope: 'row', class: 'point' }, bundle.symbolicName),
      cell('Version', bundle.version, bundle.previous ? element('span', { class: 'hint' }, ' before: ' + bundle.previous) : ''),
      cell('State', element('span', { class: bundle.state === 'ACTIVE' ? 'q q-good' : 'q q-bad' }, bundle.state || 'not there')),
      cell('Signed by', bundle.signer || 'nobody'),
      cell('Since', time(bundle.deployedAt)),
      element('td', { class: 'write' }, element('div', { class: 'actionsrow end' }, ...(admin ? actions(bundle) : [])))
    );

  const entry = (one) =>
    element(
      'tr',
      { 'data-order': one.id },
      cell('When', time(one.at)),
      cell('Order', WORDS[one.action]),
      cell('Bundle', `${one.symbolicName || '–'} ${one.version}`),
      cell('State', element('span', { class: QUALITY[one.phase] || 'q q-uncertain' }, one.phase.toLowerCase()), ' ', one.message)
    );

  let shown = '';
  const refresh = poll(2000, async () => {
    const all = await look('/api/v1/ext/deploy/bundles');
    // What has not changed stays, so that nobody's button is taken away.
    const now = JSON.stringify(all);
    if (now === shown) {
      return;
    }
    shown = now;
    setText(
      byId('rules'),
      `${all.requireSignature ? 'Bundles must be signed.' : 'Development: bundles need not be signed.'} ` +
        `Allowed: ${all.allow.join(', ') || 'none; see allow in io.snaprail.deploy'}.`
    );
    byId('rows').replaceChildren(...all.bundles.map(row));
    byId('empty').hidden = all.bundles.length > 0;
    byId('orders').replaceChildren(...all.orders.map(entry));
    byId('no-orders').hidden = all.orders.length > 0;
  });

  const base64 = (bytes) => {
    let text = '';
    bytes.forEach((b) => {
      text += String.fromCharCode(b);
    });
    return btoa(text);
  };

  const upload = async (file) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const name = file.name.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\./, '_').slice(-80);
    let answer = null;
    for (let offset = 0; offset < bytes.length; offset += PIECE) {
      const data = base64(bytes.subarray(offset, offset + PIECE));
      answer = await call('POST', '/api/v1/ext/deploy/uploads', { name, offset, data });
      say(byId('result'), `Uploaded ${Math.min(100, Math.round(((offset + PIECE) * 100) / bytes.length))} %`, 'good');
    }
    if (!answer) {
      throw new Error('The file is empty.');
    }
    return answer.url;
  };

  const bring = async (action) => {
    const file = byId('file').files[0];
    if (!file) {
      throw new Error('Choose a bundle first.');
    }
    const url = await upload(file);
    await order(action, { url });
    byId('file').value = '';
  };

  const on = (id, task) =>
    byId(id).addEventListener('click', async () => {
      byId(id).disabled = true;
      try {
        await task();
      } catch (e) {
        say(byId('result'), e.message);
      }
      byId(id).disabled = false;
    });
  byId('bring').hidden = !admin;
  byId('helping').hidden = !admin;
  on('install', () => bring('INSTALL'));
  on('update', () => bring('UPDATE'));
  on('collect', async () => {
    say(byId('result'), '');
    const { id } = await call('POST', '/api/v1/ext/deploy/support', {});
    const link = element('a', { href: '/api/v1/ext/deploy/support/' + id, download: '' });
    document.body.append(link);
    link.click();
    link.remove();
  });
})();
