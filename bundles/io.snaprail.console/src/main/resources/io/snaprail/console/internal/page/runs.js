'use strict';
// Tests and tools: starts them, shows what they find while they go on, ends them.
(() => {
  const { element, call, look, may, say, number, download } = snaprail;
  const STATES = { RUNNING: 'Running', DONE: 'Done', FAILED: 'Failed', CANCELLED: 'Cancelled' };
  const QUALITY = { GOOD: 'good', UNCERTAIN: 'uncertain', BAD: 'bad' };
  const EVERY_MS = 400;

  const head = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  const KINDS = { value: 'value words', hex: 'mono bytes', text: 'mono words' };

  const cell = (column, text, pick) => {
    const picked = pick && text !== '' ? pick(column, text) : null;
    const quality = column.toLowerCase() === 'quality' && QUALITY[text];
    const inside = picked || (quality ? element('span', { class: 'q q-' + quality }, head(quality)) : text);
    const kind = KINDS[column.toLowerCase()] || 'words';
    return element('td', { 'data-label': head(column), class: kind }, inside);
  };

  snaprail.head = head;
  snaprail.cell = cell;

  // Keeps a file that a tool has found as a register map, after asking where one has the name.
  const keep = async (file, kept) => {
    const path = '/api/v1/maps/' + encodeURIComponent(file.name);
    const put = (headers) => call('PUT', path, file.content, { type: 'text/csv', headers });
    try {
      await put({ 'If-None-Match': '*' });
    } catch (e) {
      if (e.status !== 412 || !confirm(`There is a register map "${file.name}" already. Replace it?`)) {
        throw e;
      }
      await put({});
    }
    kept(file.name);
  };

  const fileRow = (file, options, status) => {
    const row = element('p', { class: 'pair' }, element('span', { class: 'mono break' }, file.name));
    row.append(element('button', { type: 'button', class: 'small', onclick: () => download(file.name, file.content) }, 'Download'));
    if (may('admin') && file.name.endsWith('.csv')) {
      const take = () =>
        keep(file, (name) => {
          say(status, `Kept as register map ${name}.`, 'good');
          if (options.kept) {
            options.kept(name);
          }
        }).catch((e) => say(status, e.message));
      row.append(element('button', { type: 'button', class: 'small', onclick: take }, 'Keep as register map'));
    }
    return row;
  };

  // Shows a run from its beginning to its end. Of options: pick makes a cell into something to
  // click, kept is told of a register map that was kept, ended is told the last state.
  const follow = async (into, begun, options = {}) => {
    const state = element('strong', {});
    const message = element('span', { class: 'break' });
    const bar = element('progress', { 'aria-label': 'Progress' });
    const cancel = element('button', { type: 'button', class: 'small' }, 'Cancel');
    const status = element('p', { class: 'runline', role: 'status' }, state, ' ', message);
    const body = element('tbody', {});
    const table = element(
      'div',
      { class: 'tablewrap', hidden: '' },
      element(
        'table',
        { class: 'stack' },
        element('caption', { class: 'visually-hidden' }, begun.title),
        element('thead', {}, element('tr', {}, ...begun.columns.map((c) => element('th', { scope: 'col' }, head(c))))),
        body
      )
    );
    const files = element('div', {});
    const told = element('p', { class: 'alert', role: 'status' });
    into.replaceChildren(element('div', { class: 'runhead' }, status, bar, cancel), table, files, told);
    cancel.addEventListener('click', () => {
      cancel.disabled = true;
      call('DELETE', '/api/v1/runs/' + begun.id).catch((e) => say(told, e.message));
    });

    let shown = 0;
    const show = (run) => {
      state.textContent = STATES[run.state] + (run.message ? ':' : '.');
      state.className = run.state === 'FAILED' ? 'bad' : run.state === 'DONE' ? 'good' : '';
      message.textContent = run.message;
      if (run.of > 0) {
        bar.max = run.of;
        bar.value = run.done;
      }
      for (const cells of run.rows) {
        // A piece of what was tried stands above what was found in it.
        const lead = run.columns[0] === 'piece' && cells[0] !== '' && cells[1] === '' ? 'lead' : null;
        body.append(element('tr', { class: lead }, ...cells.map((text, i) => cell(run.columns[i] || '', text, options.pick))));
      }
      shown += run.rows.length;
      table.hidden = shown === 0;
    };

    let run = begun;
    show(run);
    while (run.state === 'RUNNING') {
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      if (!into.isConnected || !into.contains(body)) {
        return; // something else is shown there now
      }
      run = await look(`/api/v1/runs/${begun.id}?from=${shown}`);
      show(run);
    }
    bar.hidden = true;
    cancel.hidden = true;
    if (shown === 0 && run.state === 'DONE' && !run.message) {
      message.textContent = 'nothing was found.';
    }
    files.replaceChildren(...run.files.map((file) => fileRow(file, options, told)));
    if (options.ended) {
      options.ended(run, number(shown));
    }
  };
  snaprail.follow = follow;

  // ---- tools

  const input = (parameter) => {
    const id = 'tool-' + parameter.id + '-' + Math.random().toString(36).slice(2, 8);
    if (parameter.kind === 'BOOLEAN') {
      const box = element('input', { type: 'checkbox', id, checked: parameter.initial === 'true' ? '' : null });
      return { node: element('div', { class: 'check' }, box, element('label', { for: id }, parameter.label)), value: () => String(box.checked), set: (value) => { box.checked = value === 'true'; } };
    }
    let field;
    if (parameter.kind === 'LINES') {
      field = element('textarea', { id, spellcheck: 'false', autocomplete: 'off', wrap: 'off', rows: '5' });
    } else if (parameter.kind === 'CHOICE') {
      field = element('select', { id }, ...parameter.choices.map((c) => element('option', { value: c }, c)));
    } else {
      field = element('input', { id, autocomplete: 'off', spellcheck: 'false', inputmode: parameter.kind === 'WHOLE' ? 'numeric' : null });
    }
    field.value = parameter.initial;
    const limits = parameter.min === null ? '' : ` ${parameter.min}–${parameter.max}`;
    return {
      node: element('div', { class: parameter.kind === 'LINES' ? 'full' : null }, element('label', { for: id }, parameter.label, element('span', { class: 'hint' }, limits)), field),
      value: () => (parameter.kind === 'LINES' ? field.value : field.value.trim()),
      set: (text) => {
        field.value = text;
      },
    };
  };

  const inputsOf = (tool) => {
    const inputs = new Map(tool.parameters.map((parameter) => [parameter.id, input(parameter)]));
    return {
      nodes: [element('div', { class: 'fields' }, ...[...inputs.values()].map((one) => one.node))],
      values: () => Object.fromEntries([...inputs].map(([id, one]) => [id, one.value()])),
      set: (id, value) => inputs.get(id)?.set(value),
    };
  };

  const toolNode = (driver, tool, settings, options) => {
    const allowed = may(tool.role.toLowerCase());
    const inputs = inputsOf(tool);
    if (tool.live && allowed) {
      const hint = element('p', { class: 'hint' }, tool.description);
      const panel = snaprail.live(driver, tool, inputs, settings, options);
      return { node: element('details', { 'data-tool': tool.id }, element('summary', {}, tool.title), hint, panel), set: inputs.set };
    }
    const results = element('div', { class: 'results' });
    const told = element('p', { class: 'alert', role: 'alert' });
    const start = element('button', { type: 'submit', disabled: allowed ? null : '' }, 'Start');
    const form = element(
      'form',
      { novalidate: '' },
      element('p', { class: 'hint' }, tool.description),
      ...(allowed ? [] : [element('p', { class: 'hint' }, 'This tool is for administrators.')]),
      ...inputs.nodes,
      element('div', { class: 'actionsrow' }, start),
      told,
      results
    );
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      event.stopPropagation();
      say(told, '');
      start.disabled = true;
      try {
        const path = `/api/v1/drivers/${encodeURIComponent(driver.pid)}/tools/${encodeURIComponent(tool.id)}`;
        const begun = await call('POST', path, { settings: await settings(tool.id === 'try'), parameters: inputs.values() });
        await follow(results, begun, options);
      } catch (e) {
        say(told, e.message);
      } finally {
        start.disabled = false;
      }
    });
    const node = element('details', { 'data-tool': tool.id }, element('summary', {}, tool.title), form);
    return { node, set: inputs.set, start: () => form.requestSubmit() };
  };

  // The tools of a driver; settings gives those of the device, or throws what is wrong with them.
  // Frames can be tried before everything that is needed is there.
  // Gives a way to set their parameters.
  snaprail.tools = (into, driver, settings, options) => {
    const nodes = new Map();
    const all = { ...options };
    if (driver.tools.some((tool) => tool.id === 'try')) {
      all.tried = (hex) => {
        const trial = nodes.get('try');
        trial.set('frames', hex);
        trial.set('form', 'hex');
        trial.set('begins', 'false');
        trial.node.open = true;
        trial.node.scrollIntoView({ block: 'start' });
        trial.start();
      };
    }
    driver.tools.forEach((tool) => nodes.set(tool.id, toolNode(driver, tool, settings, all)));
    into.replaceChildren(...[...nodes.values()].map((one) => one.node));
    return { set: (tool, id, value) => nodes.get(tool)?.set(id, value) };
  };
})();
