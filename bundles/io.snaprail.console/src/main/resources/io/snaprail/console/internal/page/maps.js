'use strict';
// Register maps: list, view, upload, correct, keep, delete.
(() => {
  const { element, call, may, say, number, mapText, readText, setCount, download, deviceLink } = snaprail;
  const byId = (id) => document.getElementById(id);
  const mayChange = may('admin');
  let maps = [];
  let replaces = ''; // name of the own map that is open; saving it replaces it

  byId('actions').hidden = !mayChange;
  byId('drophint').hidden = !mayChange;

  const editor = mapText(byId('text'), {
    id: 'map-text',
    label: 'Text of the register map',
    placeholder: 'name,address,type,order,scale,offset,unit,access,period,deadband,min,max,description',
    check: may('operator'),
    checked: (found) => setCount(byId('count'), found),
  });

  const path = (name) => '/api/v1/maps/' + encodeURIComponent(name);

  // Shows a text; own: it may be saved.
  const open = (title, about, name, text, own) => {
    byId('edit').hidden = false;
    byId('edit-title').textContent = title;
    byId('edit-about').textContent = about;
    byId('name').value = name;
    byId('name-box').hidden = !own;
    byId('save').hidden = !own;
    byId('copy').hidden = own || !mayChange;
    byId('count').textContent = '';
    say(byId('edit-result'), '');
    say(byId('result'), '');
    editor.readOnly(!own);
    editor.set(text);
    byId('edit').scrollIntoView({ block: 'start' });
    editor.area.setSelectionRange(0, 0);
    editor.area.scrollTop = 0;
    editor.area.focus();
  };

  const view = async (map) => {
    try {
      const text = await call('GET', path(map.name), undefined, { text: true });
      const own = mayChange && !map.ready;
      replaces = own ? map.name : '';
      const about = [map.title, map.source && 'Source: ' + map.source, ...map.notes].filter(Boolean).join(' · ');
      open(map.name, about, map.name, text, own);
    } catch (e) {
      say(byId('result'), e.message);
    }
  };

  byId('copy').addEventListener('click', () => {
    const base = byId('name').value.replace(/\.csv$/, '');
    const taken = new Set(maps.map((map) => map.name));
    let name = `${base}-own.csv`;
    for (let i = 2; taken.has(name); i++) {
      name = `${base}-own-${i}.csv`;
    }
    replaces = '';
    open('Copy of ' + byId('name').value, 'Change what you need and save it under a name of your own.', name, editor.get(), true);
  });

  byId('new').addEventListener('click', () => {
    replaces = '';
    open('New register map', 'One row a point; only name, address and type are needed.', '', 'name,address,type,order,scale,offset,unit,access,period,deadband,min,max,description\n', true);
    byId('name').focus();
  });

  byId('close').addEventListener('click', () => {
    byId('edit').hidden = true;
  });

  // ---- upload

  const upload = async (file) => {
    if (!file) {
      return;
    }
    const text = await readText(file);
    replaces = '';
    const name = file.name.replace(/\.[^.]*$/, '').replace(/[^A-Za-z0-9_.-]+/g, '-') + '.csv';
    open('Upload of ' + file.name, 'Look at what is wrong, correct it here or save it as it is: good rows are used, bad ones are not.', name, text, true);
  };

  byId('choose').addEventListener('click', () => byId('file').click());
  byId('file').addEventListener('change', () => {
    upload(byId('file').files[0]).catch((e) => say(byId('result'), e.message));
    byId('file').value = '';
  });

  const drop = byId('drop');
  if (mayChange) {
    drop.addEventListener('dragover', (event) => {
      event.preventDefault();
      drop.classList.add('over');
    });
    drop.addEventListener('dragleave', () => drop.classList.remove('over'));
    drop.addEventListener('drop', (event) => {
      event.preventDefault();
      drop.classList.remove('over');
      upload(event.dataTransfer.files[0]).catch((e) => say(byId('result'), e.message));
    });
  }

  // ---- keep, delete

  byId('save').addEventListener('click', async () => {
    const name = byId('name').value.trim();
    if (!/^[A-Za-z0-9_.-]+\.csv$/.test(name)) {
      say(byId('edit-result'), 'The name must be of letters, digits, "_", "-" or "." and end in ".csv".');
      byId('name').focus();
      return;
    }
    try {
      const put = (headers) => call('PUT', path(name), editor.get(), { type: 'text/csv', headers });
      let found;
      try {
        found = await put(name === replaces ? {} : { 'If-None-Match': '*' });
      } catch (e) {
        if (e.status !== 412 || !confirm(`There is a register map "${name}" already. Replace it?`)) {
          throw e;
        }
        found = await put({});
      }
      replaces = name;
      byId('edit-title').textContent = name;
      editor.show(found);
      say(byId('edit-result'), `Saved. Devices that use ${name} take it within a second.` + (found.errors.length ? ' Rows with errors are not used.' : ''), 'good');
    } catch (e) {
      say(byId('edit-result'), e.message);
    }
    await list();
  });

  const remove = async (map) => {
    if (!confirm(`Delete the register map "${map.name}"?`)) {
      return;
    }
    try {
      await call('DELETE', path(map.name));
      say(byId('result'), `${map.name} is deleted.`, 'good');
    } catch (e) {
      say(byId('result'), e.message);
    }
    await list();
  };

  const button = (text, map, action, extra) =>
    element('button', { type: 'button', class: 'small ' + (extra || ''), 'aria-label': `${text} ${map.name}`, onclick: action }, text);

  const row = (map) => {
    const used = map.usedBy.flatMap((name, i) => [...(i ? [', '] : []), element('a', { href: deviceLink(name) }, name)]);
    const actions = element('div', { class: 'actionsrow end' }, button(mayChange && !map.ready ? 'Edit' : 'View', map, () => view(map)));
    actions.append(button('Download', map, async () => {
      try {
        download(map.name, await call('GET', path(map.name), undefined, { text: true }));
      } catch (e) {
        say(byId('result'), e.message);
      }
    }));
    if (mayChange && !map.ready) {
      actions.append(button('Delete', map, () => remove(map), 'danger'));
    }
    return element(
      'tr',
      { 'data-map': map.name },
      element('th', { scope: 'row', class: 'point words' }, map.title || map.name, ...(map.title ? [element('div', { class: 'filename' }, map.name)] : [])),
      element('td', { 'data-label': 'Source', class: 'break source' }, map.source || '–'),
      element('td', { 'data-label': 'Kind' }, element('span', { class: 'q ' + (map.ready ? 'q-none' : 'q-good') }, map.ready ? 'ready' : 'own')),
      element('td', { 'data-label': 'Points', class: 'num' }, number(map.points)),
      element('td', { 'data-label': 'Errors', class: 'num' + (map.errors ? ' alarm' : '') }, number(map.errors)),
      element('td', { 'data-label': 'Used by', class: 'words' }, ...(used.length ? used : ['–'])),
      element('td', { class: 'write' }, actions)
    );
  };

  const list = async () => {
    try {
      maps = (await call('GET', '/api/v1/maps')).maps;
    } catch (e) {
      say(byId('result'), e.message);
      return;
    }
    const sorted = [...maps.filter((map) => !map.ready), ...maps.filter((map) => map.ready)];
    byId('maps').replaceChildren(...sorted.map(row));
    byId('empty').hidden = maps.length > 0;
    byId('empty').textContent = mayChange
      ? 'There is no register map yet. Upload a CSV file, or make a new one.'
      : 'There is no register map yet. An administrator can upload one.';
  };

  list().then(() => {
    const wanted = new URLSearchParams(location.search).get('name');
    // An own map stands before a ready one of the same name, as it does for devices.
    const map = maps.find((one) => one.name === wanted && !one.ready) || maps.find((one) => one.name === wanted);
    if (map) {
      view(map);
    }
  });
})();
