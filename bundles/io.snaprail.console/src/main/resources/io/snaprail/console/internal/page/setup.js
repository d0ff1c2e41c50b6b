'use strict';
// A form for a device: new, or one that is there. Tests and tools use what the form says.
(() => {
  const { element, call, may, say, form, mapText, csvCells, tools, follow, deviceLink } = snaprail;
  const byId = (id) => document.getElementById(id);
  const COLUMNS = 'name,address,type,order,scale,offset,unit,access,period,deadband,min,max,description';
  const POINTS = 'points';
  const MAP = 'map';
  const pid = new URLSearchParams(location.search).get('pid') || '';

  // How many of a driver's own fields are seen at once, beside those that are needed.
  const SEEN = 6;

  let drivers = [];
  let maps = [];
  let driver = null;
  let fields = null; // the form
  let toolset = null; // the tools
  let saved = { settings: {}, revision: null };

  const mayChange = may('admin');

  // How long after the last key what is to be minded is asked for.
  const CHECK_AFTER_MS = 500;

  // ---- points

  const editor = mapText(byId('rows'), {
    id: 'rows-text',
    label: 'Points, a row each',
    before: COLUMNS,
    placeholder: 'temperature,holding:0,int16,,0.1,,°C\npressure,input:1,uint16',
    checked: (found) => {
      const some = found.rows.length || found.errors.length;
      byId('rows-count').textContent = some ? `· ${found.rows.length} good, ${found.errors.length} with errors` : '';
    },
  });

  const quote = (text) => (/[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);

  // Rows from a spreadsheet, with tabs or semicolons and a header in any order, as rows of ours.
  const normal = (text) => {
    const lines = text.replace(/\r\n?/g, '\n').split('\n');
    const separator = ['\t', ';'].find((c) => lines[0].includes(c)) || ',';
    const header = csvCells(lines[0], separator).map((cell) => cell.trim().toLowerCase());
    const headed = ['name', 'address', 'type'].every((column) => header.includes(column));
    if (!headed && separator === ',') {
      return null;
    }
    const order = headed ? COLUMNS.split(',').map((column) => header.indexOf(column)) : null;
    const decimal = (cell) => (separator === ';' && /^-?\d+,\d+$/.test(cell) ? cell.replace(',', '.') : cell);
    return lines
      .slice(headed ? 1 : 0)
      .map((line) => {
        if (line.trim() === '' || line.startsWith('#')) {
          return line;
        }
        const own = csvCells(line, separator).map((cell) => decimal(cell.trim()));
        const row = order ? order.map((at) => (at < 0 ? '' : own[at] || '')) : own;
        return row.map(quote).join(',').replace(/,+$/, '');
      })
      .join('\n');
  };

  editor.area.addEventListener('paste', (event) => {
    const ours = normal(event.clipboardData.getData('text/plain'));
    if (ours !== null) {
      event.preventDefault();
      editor.area.setRangeText(ours, editor.area.selectionStart, editor.area.selectionEnd, 'end');
      editor.area.dispatchEvent(new Event('input'));
    }
  });

  const rows = () => editor.get().split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));

  const aboutMap = () => {
    const map = maps.find((one) => one.name === byId('map').value);
    const told = map ? [map.title, map.source && 'Source: ' + map.source, ...map.notes].filter(Boolean).join(' · ') : '';
    byId('map-about').textContent = told || (maps.length ? '' : 'There is no register map yet; upload one, or give rows below.');
    byId('map-open').href = map ? '/maps?name=' + encodeURIComponent(map.name) : '/maps';
  };
  byId('map').addEventListener('change', aboutMap);

  const listMaps = async (chosen) => {
    maps = (await call('GET', '/api/v1/maps')).maps;
    const option = (map) => element('option', { value: map.name }, `${map.title || map.name} (${map.points} points)`);
    const group = (label, list) => (list.length ? [element('optgroup', { label }, ...list.map(option))] : []);
    const own = maps.filter((map) => !map.ready);
    const names = new Set(own.map((map) => map.name));
    const ready = maps.filter((map) => map.ready && !names.has(map.name));
    const missing = chosen && !maps.some((map) => map.name === chosen) ? [element('option', { value: chosen }, `${chosen} (missing)`)] : [];
    byId('map').replaceChildren(element('option', { value: '' }, 'none'), ...missing, ...group('Own', own), ...group('Ready', ready));
    byId('map').value = chosen || '';
    aboutMap();
  };

  // ---- form

  const settings = (partial) => {
    const known = new Set(driver.fields.map((field) => field.id));
    // What the form does not know stays as it is.
    const others = Object.fromEntries(Object.entries(saved.settings).filter(([id]) => !known.has(id)));
    const values = { ...others, ...fields.read(partial) };
    if (byId('map').value) {
      values[MAP] = byId('map').value;
    }
    if (rows().length) {
      values[POINTS] = rows();
    }
    return values;
  };

  // A cell under a head that is the name of a field is taken over into that field.
  const pick = (head, text) => {
    const name = head.toLowerCase();
    const field = driver.fields.find((one) => one.id.toLowerCase() === name || one.label.toLowerCase() === name);
    if (!field || !fields.inputs.has(field.id)) {
      return null;
    }
    return element('button', { type: 'button', class: 'small', onclick: () => fields.take(field.id, text) }, `Use ${text}`);
  };

  const build = () => {
    const shown = driver.fields.filter((field) => field.id !== MAP && field.id !== POINTS);
    fields = form(shown, saved.settings);
    const own = shown.filter((field) => !field.common);
    const needed = own.filter((field) => field.required);
    const rest = own.filter((field) => !field.required);
    const room = Math.max(0, SEEN - needed.length);
    const seen = rest.length - room <= 2 ? rest : rest.slice(0, room);
    const hidden = rest.slice(seen.length);
    const nodes = (list) => list.map((field) => fields.inputs.get(field.id).box);
    byId('own').replaceChildren(...nodes([...needed, ...seen]));
    byId('own-more').replaceChildren(...nodes(hidden));
    byId('more').hidden = hidden.length === 0;
    byId('more').open = hidden.some((field) => field.id in saved.settings);
    byId('common-fields').replaceChildren(...nodes(shown.filter((field) => field.common)));
    byId('driver-about').textContent = driver.description;
    byId('tools').hidden = driver.tools.length === 0;
    toolset = tools(byId('toollist'), driver, settings, { pick, kept: (name) => listMaps(name).catch((e) => say(byId('result'), e.message)) });
    byId('test').disabled = !driver.testable;
    byId('test').title = driver.testable ? '' : 'This kind of device cannot be tested before it is saved.';
    byId('test-result').replaceChildren();
    byId('notes').replaceChildren();
    listPresets();
    mind();
  };

  byId('driver').addEventListener('change', () => {
    driver = drivers.find((one) => one.pid === byId('driver').value) || null;
    byId('rest').hidden = driver === null;
    byId('driver-about').textContent = '';
    if (driver) {
      build();
    }
  });

  // ---- presets

  let preset = null;

  const listPresets = () => {
    preset = null;
    byId('preset-box').hidden = driver.presets.length === 0 || pid !== '';
    byId('preset').replaceChildren(element('option', { value: '' }, 'none'), ...driver.presets.map((one) => element('option', { value: one.id }, one.title)));
    aboutPreset();
  };

  const aboutPreset = () => {
    const told = preset ? [preset.description, 'Source: ' + preset.source] : ['Fills in settings and points of a well-known device; go on from there.'];
    byId('preset-about').replaceChildren(...told.filter(Boolean).map((text) => element('span', { class: 'block' }, text)));
  };

  byId('preset').addEventListener('change', () => {
    const chosen = driver.presets.find((one) => one.id === byId('preset').value) || null;
    const own = editor.get().trim();
    const ofPreset = preset ? preset.points.join('\n') : '';
    if (own && own !== ofPreset && !confirm('Replace the points of this form by those of the preset?')) {
      byId('preset').value = preset ? preset.id : '';
      return;
    }
    const before = preset ? Object.fromEntries(Object.keys(preset.settings).map((id) => [id, undefined])) : {};
    preset = chosen;
    fields.fill({ ...before, ...(preset ? preset.settings : {}) });
    editor.set(preset ? preset.points.join('\n') : '');
    byId('rows-box').open = preset !== null;
    toolset.set('try', 'frames', preset ? preset.example : '');
    toolset.set('try', 'form', 'text');
    toolset.set('try', 'begins', 'true');
    aboutPreset();
    mind();
  });

  // ---- what to mind

  let checking = 0;
  let round = 0;

  const count = () => {
    const values = fields.peek().values;
    const set = [...byId('own-more').children].filter((box) => box.dataset.field in values).length;
    byId('more-count').textContent = set ? `· ${set} set` : '';
  };

  const check = async () => {
    const mine = ++round;
    const { values, whole } = fields.peek();
    let told = [];
    try {
      const found = await call('POST', `/api/v1/drivers/${encodeURIComponent(driver.pid)}/check`, { settings: values });
      told = [...(found.wrong && whole ? [[found.wrong, 'bad']] : []), ...found.notes.map((note) => [note, ''])];
    } catch (e) {
      told = []; // whoever tests or saves is told
    }
    if (mine === round) {
      byId('notes').replaceChildren(...told.map(([text, kind]) => element('li', { class: kind || null }, text)));
    }
  };

  const mind = () => {
    count();
    clearTimeout(checking);
    if (driver.testable) {
      checking = setTimeout(check, CHECK_AFTER_MS);
    }
  };
  for (const id of ['own', 'own-more', 'common-fields']) {
    byId(id).addEventListener('input', mind);
  }

  // ---- test, save, remove

  byId('test').addEventListener('click', async () => {
    say(byId('save-result'), '');
    byId('test').disabled = true;
    try {
      const begun = await call('POST', `/api/v1/drivers/${encodeURIComponent(driver.pid)}/test`, { settings: settings() });
      await follow(byId('test-result'), begun);
    } catch (e) {
      say(byId('save-result'), e.message);
    } finally {
      byId('test').disabled = false;
    }
  });

  const configuration = (name) => `/api/v1/devices/${encodeURIComponent(driver.pid + '~' + name)}/configuration`;

  byId('save').addEventListener('click', async () => {
    say(byId('save-result'), '');
    const name = byId('name').value.trim();
    try {
      const values = settings();
      if (!/^[\p{L}\p{N}_.-]{1,64}$/u.test(name)) {
        byId('name').focus();
        throw new Error('The device needs a name: 1 to 64 letters, digits, "_", "-" or ".".');
      }
      const headers = saved.revision ? { 'If-Match': `"${saved.revision}"` } : { 'If-None-Match': '*' };
      byId('save').disabled = true;
      await call('PUT', configuration(name), { settings: values }, { headers });
      location.assign(deviceLink(String(values.name || name)));
    } catch (e) {
      say(byId('save-result'), e.message);
      byId('save').disabled = false;
    }
  });

  byId('remove').addEventListener('click', async () => {
    if (!confirm(`Remove "${byId('name').value}"? It is polled no more, and its file is deleted.`)) {
      return;
    }
    try {
      await call('DELETE', configuration(byId('name').value), undefined, { headers: { 'If-Match': `"${saved.revision}"` } });
      location.assign('/devices');
    } catch (e) {
      say(byId('save-result'), e.message);
    }
  });

  // ---- beginning

  const edit = async () => {
    saved = await call('GET', `/api/v1/devices/${encodeURIComponent(pid)}/configuration`);
    driver = drivers.find((one) => one.pid === saved.driver) || null;
    byId('title').textContent = (mayChange ? 'Edit ' : 'Settings of ') + saved.name;
    document.title = byId('title').textContent + ' · Snaprail';
    byId('driver').disabled = true;
    byId('name').value = saved.name;
    byId('name').readOnly = true;
    byId('name-hint').textContent = 'The name of its file cannot be changed.';
    byId('remove').hidden = false;
    const own = saved.settings[POINTS];
    editor.set(own === undefined ? '' : [].concat(own).join('\n'));
    byId('rows-box').open = own !== undefined;
  };

  const begin = async () => {
    drivers = (await call('GET', '/api/v1/drivers')).drivers;
    if (drivers.length === 0) {
      throw new Error('No driver is running yet. Wait a moment and reload the page; the Bundles page shows what is installed.');
    }
    if (pid) {
      await edit();
    }
    byId('driver').replaceChildren(
      element('option', { value: '' }, 'Choose…'),
      ...drivers.map((one) => element('option', { value: one.pid }, one.name))
    );
    byId('driver').value = driver ? driver.pid : '';
    byId('rest').hidden = driver === null;
    byId('save-box').hidden = !mayChange;
    if (!mayChange) {
      byId('about').textContent = 'You may test and use the tools; saving takes an administrator.';
    }
    await listMaps(saved.settings[MAP]);
    if (driver) {
      build();
    } else {
      byId('driver').focus();
    }
  };
  begin().catch((e) => say(byId('result'), e.message));
})();
