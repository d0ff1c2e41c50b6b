'use strict';
// A form for an uplink, made from what its bundle declares.
(() => {
  const { element, call, say, form } = snaprail;
  const byId = (id) => document.getElementById(id);
  const pid = new URLSearchParams(location.search).get('pid') || '';

  // Keys with the same first word are one group: spool.bytes, spool.age.h. Some belong together
  // by what they mean.
  const GROUPED = 2;
  const TOGETHER = { backlog: 'send', batch: 'send', gzip: 'send', payload: 'send', alias: 'send', key: 'provisioning' };
  const TITLES = { send: 'What is sent', spool: 'Spool: what waits for the far side', rate: 'Rate' };
  const STORE = { identity: 'identities', 'provisioning.claim': 'identities', roots: 'rootsets' };

  let kinds = [];
  let kind = null;
  let fields = null;
  let saved = { settings: {}, revision: '' };

  const word = (field) => {
    const first = field.id.split('.')[0];
    return TOGETHER[first] || first;
  };

  const title = (group) => TITLES[group] || group[0].toUpperCase() + group.slice(1);

  const build = () => {
    fields = form(kind.fields, saved.settings);
    const sizes = new Map();
    for (const field of kind.fields) {
      sizes.set(word(field), (sizes.get(word(field)) || 0) + 1);
    }
    const groups = new Map([['', []]]);
    for (const field of kind.fields) {
      const group = sizes.get(word(field)) > GROUPED ? word(field) : '';
      groups.set(group, [...(groups.get(group) || []), field]);
    }
    // What is needed is seen first; the rest keeps its order.
    groups.get('').sort((a, b) => b.required - a.required);
    byId('groups').replaceChildren(
      ...[...groups].map(([group, list]) => {
        const boxes = element('div', { class: 'fields' }, ...list.map((field) => fields.inputs.get(field.id).box));
        if (group === '') {
          return boxes;
        }
        const set = list.filter((field) => field.id in saved.settings).length;
        const count = element('span', { class: 'hint' }, set ? ` · ${set} set` : ` · ${list.length} settings`);
        return element('details', { open: set ? '' : null, 'data-group': group }, element('summary', {}, title(group), count), boxes);
      })
    );
    for (const [id, list] of Object.entries(STORE)) {
      fields.inputs.get(id)?.node.setAttribute('list', list);
    }
    byId('kind-about').textContent = kind.description;
  };

  // Names from the certificate store, to choose from; who may not see them types them.
  const suggest = async () => {
    const options = (names) => names.map((name) => element('option', { value: name }));
    const [identities, roots] = await Promise.all([call('GET', '/api/v1/identities'), call('GET', '/api/v1/roots')]);
    byId('identities').replaceChildren(...options([...new Set(identities.identities.map((one) => one.name))]));
    byId('rootsets').replaceChildren(...options(roots.roots.map((one) => one.name)));
  };

  byId('kind').addEventListener('change', () => {
    kind = kinds.find((one) => one.pid === byId('kind').value) || null;
    byId('rest').hidden = kind === null;
    byId('kind-about').textContent = '';
    if (kind) {
      build();
    }
  });

  const configuration = (name) => `/api/v1/uplinks/${encodeURIComponent(kind.pid + '~' + name)}/configuration`;

  byId('save').addEventListener('click', async () => {
    say(byId('save-result'), '');
    const name = byId('name').value.trim();
    try {
      const known = new Set(kind.fields.map((field) => field.id));
      // What the form does not know stays as it is.
      const others = Object.fromEntries(Object.entries(saved.settings).filter(([id]) => !known.has(id)));
      const settings = { ...others, ...fields.read() };
      if (!/^[\p{L}\p{N}_.-]{1,64}$/u.test(name)) {
        byId('name').focus();
        throw new Error('The uplink needs a name: 1 to 64 letters, digits, "_", "-" or ".".');
      }
      const headers = saved.revision ? { 'If-Match': `"${saved.revision}"` } : { 'If-None-Match': '*' };
      byId('save').disabled = true;
      await call('PUT', configuration(name), { settings }, { headers });
      location.assign('/uplinks');
    } catch (e) {
      say(byId('save-result'), e.message);
      byId('save').disabled = false;
    }
  });

  byId('remove').addEventListener('click', async () => {
    if (!confirm(`Remove "${byId('name').value}"? It sends no more, and its file is deleted.`)) {
      return;
    }
    try {
      await call('DELETE', configuration(byId('name').value), undefined, { headers: { 'If-Match': `"${saved.revision}"` } });
      location.assign('/uplinks');
    } catch (e) {
      say(byId('save-result'), e.message);
    }
  });

  const edit = async () => {
    saved = await call('GET', `/api/v1/uplinks/${encodeURIComponent(pid)}/configuration`);
    kind = kinds.find((one) => one.pid === saved.connector) || null;
    byId('title').textContent = 'Edit ' + saved.name;
    document.title = byId('title').textContent + ' · Snaprail';
    byId('kind').disabled = true;
    byId('name').value = saved.name;
    byId('name').readOnly = true;
    byId('name-hint').textContent = 'The name of its file cannot be changed.';
    byId('remove').hidden = false;
  };

  const begin = async () => {
    kinds = (await call('GET', '/api/v1/uplink-kinds')).kinds;
    if (kinds.length === 0) {
      throw new Error('No connector is running yet. Wait a moment and reload the page; the Bundles page shows what is installed.');
    }
    if (pid) {
      await edit();
    }
    byId('kind').replaceChildren(element('option', { value: '' }, 'Choose…'), ...kinds.map((one) => element('option', { value: one.pid }, one.name)));
    byId('kind').value = kind ? kind.pid : '';
    byId('rest').hidden = kind === null;
    if (kind) {
      build();
    }
    await suggest();
  };
  begin().catch((e) => say(byId('result'), e.message));
})();
