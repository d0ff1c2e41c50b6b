'use strict';
// Shadows of a thing: desired and reported as text, what is between them as a tree, live.
(() => {
  const { element, call, may, ago, say, setText } = snaprail;
  const { get, send, byId, part, act, ask, confirmed, editor, jsonFault, text, parameter } = local;
  const lines = editor(byId('document'));
  let shown = null; // the document that is seen
  let came = 0; // when it came, by this browser's clock
  let base = ''; // the text that the editor began with
  let turn = 0; // grows when another shadow is chosen

  const thing = () => byId('thing').value;
  const shadow = () => byId('shadow').value;
  const section = () => byId('part').value;
  const path = () => 'shadows/' + part(thing()) + '/document?name=' + part(shadow());
  const dirty = () => byId('document').value !== base;
  const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

  // ---- the tree

  const seconds = (meta) => (meta && typeof meta.timestamp === 'number' ? meta.timestamp : null);
  // Arrays have a time for each element: the newest counts.
  const stamp = (meta) => {
    if (Array.isArray(meta)) {
      return meta.map(stamp).reduce((a, b) => (b !== null && (a === null || b > a) ? b : a), null);
    }
    return seconds(meta);
  };

  // Shadows know whole seconds only.
  const since = (s) => (s < 1 ? 'now' : s < 120 ? Math.floor(s) + ' s ago' : ago(s) + ' ago');
  setInterval(() => {
    const now = shown ? shown.timestamp + Math.floor((performance.now() - came) / 1000) : 0;
    for (const node of document.querySelectorAll('.when')) {
      setText(node, since(now - Number(node.dataset.at)));
    }
  }, 1000);

  // Numbers compare by value; arrays and texts as a whole.
  const equal = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  const leaf = (key, want, have, meta, now) => {
    const kind = want === undefined ? 'told' : have !== undefined && equal(want, have) ? 'same' : 'delta';
    const vals = element('span', { class: 'vals' });
    if (kind === 'delta') {
      vals.append(
        element('span', { class: 'was' }, have === undefined ? 'not reported' : text(have)),
        ' → ',
        element('span', { class: 'want' }, text(want))
      );
    } else {
      vals.append(text(have));
    }
    const at = stamp(kind === 'delta' ? meta.desired : meta.reported);
    const said = { delta: 'desired, not so yet', same: 'as desired', told: 'only reported' }[kind];
    return element(
      'li',
      {},
      element(
        'div',
        { class: 'node n-' + kind },
        element('span', { class: 'key' }, key),
        vals,
        element('span', { class: 'visually-hidden' }, said),
        ...(at === null ? [] : [element('span', { class: 'when', title: new Date(at * 1000).toLocaleString(), 'data-at': at }, since(now - at))])
      )
    );
  };

  const branch = (desired, reported, metaDesired, metaReported, now) => {
    const list = element('ul', {});
    const keys = [...new Set([...Object.keys(desired || {}), ...Object.keys(reported || {})])].sort();
    for (const key of keys) {
      const want = desired ? desired[key] : undefined;
      const have = reported ? reported[key] : undefined;
      const meta = { desired: (metaDesired || {})[key], reported: (metaReported || {})[key] };
      if (isObject(want) || (want === undefined && isObject(have))) {
        const below = branch(isObject(want) ? want : undefined, isObject(have) ? have : undefined, meta.desired, meta.reported, now);
        list.append(element('li', {}, element('div', { class: 'node n-group' }, element('span', { class: 'key' }, key)), below));
      } else {
        list.append(leaf(key, want, have, meta, now));
      }
    }
    return list;
  };

  const leaves = (value) =>
    isObject(value) ? Object.values(value).reduce((sum, one) => sum + leaves(one), 0) : value === undefined ? 0 : 1;

  const paintTree = () => {
    came = performance.now();
    const state = shown.state || {};
    const meta = shown.metadata || {};
    const tree = branch(state.desired, state.reported, meta.desired, meta.reported, shown.timestamp);
    tree.className = 'tree';
    byId('tree').replaceChildren(
      tree.children.length ? tree : element('p', { class: 'hint' }, 'Nothing is desired and nothing is reported.')
    );
    const open = leaves(state.delta);
    setText(byId('delta-count'), open === 0 ? '· none: the thing is as desired' : '· ' + open + (open === 1 ? ' value is' : ' values are') + ' not so yet');
    byId('delta-count').classList.toggle('same', open === 0);
    byId('raw').textContent = JSON.stringify(shown, null, 2);
  };

  // ---- the editor

  const paintButtons = () => {
    const fault = jsonFault(byId('document').value);
    say(byId('fault'), fault ? `Line ${fault.line}, column ${fault.column}: ${fault.message}` : '');
    lines.mark(fault ? fault.line : 0);
    byId('save').disabled = Boolean(fault) || !dirty() || !may('operator');
    byId('undo').disabled = !dirty();
  };

  const fill = () => {
    base = JSON.stringify((shown.state || {})[section()] || {}, null, 2);
    lines.set(base);
    paintButtons();
  };

  const paint = () => {
    byId('both').hidden = false;
    setText(byId('editor-title'), shadow() ? `Shadow “${shadow()}”` : 'Classic shadow');
    setText(byId('state'), shown.version ? `Version ${shown.version}` : 'Not made yet: save something to make it.');
    paintTree();
    if (!dirty()) {
      fill();
    }
    byId('delete').disabled = !shown.version || !may('operator');
  };

  // What to send so that the old becomes the new: keys that are gone become null.
  const change = (old, wanted) => {
    const out = {};
    for (const key of new Set([...Object.keys(old), ...Object.keys(wanted)])) {
      if (!(key in wanted)) {
        out[key] = null;
      } else if (isObject(wanted[key]) && isObject(old[key])) {
        const below = change(old[key], wanted[key]);
        if (Object.keys(below).length) {
          out[key] = below;
        }
      } else if (!equal(old[key], wanted[key])) {
        out[key] = wanted[key];
      }
    }
    return out;
  };

  const save = () =>
    act(
      byId('result'),
      async () => {
        const wanted = JSON.parse(byId('document').value);
        const old = JSON.parse(base);
        const answer = await send('PUT', path(), { state: { [section()]: change(old, wanted) } });
        base = byId('document').value; // so that what comes back is shown
        shown = await get(path());
        base = '';
        fill();
        paint();
        return answer;
      },
      (answer) => `Saved as version ${answer.version}.`
    );
  byId('save').addEventListener('click', save);
  byId('document').addEventListener('input', paintButtons);
  byId('document').addEventListener('keydown', (event) => {
    if (event.key === 's' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!byId('save').disabled) {
        save();
      }
    }
  });
  byId('undo').addEventListener('click', fill);
  byId('part').addEventListener('change', () => fill());
  byId('delete').addEventListener('click', () =>
    confirmed('Delete this shadow?', 'Desired and reported are gone; the thing is told. The version goes on counting.', 'Delete', async () => {
      await send('DELETE', path());
      await choose();
    })
  );

  // ---- which one

  // Waits for news of the shadow that is shown, again and again.
  const follow = async (mine) => {
    while (mine === turn) {
      if (document.visibilityState !== 'visible') {
        await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
      }
      try {
        const news = await get(path() + '&after=' + (shown ? shown.version : 0));
        if (mine !== turn) {
          return;
        }
        byId('connection').hidden = true;
        shown = news;
        paint();
      } catch (e) {
        if (mine !== turn) {
          return;
        }
        byId('connection').hidden = false;
        byId('connection').textContent = e.message + ' What is shown below is old.';
        await new Promise((resolve) => setTimeout(resolve, 2000));
      }
    }
  };

  const choose = async () => {
    const mine = ++turn;
    say(byId('result'), '');
    history.replaceState(null, '', '?thing=' + part(thing()) + (shadow() ? '&name=' + part(shadow()) : ''));
    const found = await act(byId('result'), () => get(path()));
    if (found && mine === turn) {
      shown = found;
      base = byId('document').value;
      paint();
      follow(mine);
    }
  };

  const fillNames = async (wanted) => {
    const { names } = await get('shadows/' + part(thing()));
    const all = ['', ...new Set([...names, ...(wanted ? [wanted] : [])])];
    byId('shadow').replaceChildren(
      ...all.map((name) => element('option', { value: name, selected: name === wanted ? '' : null }, name || 'Classic (without a name)'))
    );
  };

  byId('thing').addEventListener('change', () => fillNames('').then(choose, (e) => say(byId('result'), e.message)));
  byId('shadow').addEventListener('change', choose);
  byId('new-shadow').addEventListener('click', () =>
    ask({
      title: 'New named shadow',
      hint: 'A thing may have many: one for its settings, one for its firmware, and so on. It is made when you save it.',
      big: false,
      fields: [{ name: 'name', label: 'Name', maxlength: 64, placeholder: 'such as settings' }],
      button: 'Open',
      send: async ({ name }) => {
        if (!/^[a-zA-Z0-9:_-]{1,64}$/.test(name)) {
          throw new Error('The name must be 1 to 64 letters, digits, ":", "_" or "-".');
        }
        await fillNames(name);
        await choose();
      },
    })
  );

  const start = async () => {
    const { things } = await get('things');
    if (!things.length) {
      byId('empty').hidden = false;
      byId('empty').replaceChildren(
        element('strong', {}, 'There is no thing yet.'),
        'A shadow belongs to a thing. ',
        element('a', { href: 'things' }, 'Create a thing'),
        ' first.'
      );
      byId('new-shadow').disabled = true;
      return;
    }
    const wanted = parameter('thing');
    byId('thing').replaceChildren(
      ...things.map((one) => element('option', { value: one.name, selected: one.name === wanted ? '' : null }, one.name))
    );
    await fillNames(parameter('name'));
    await choose();
  };
  byId('part').disabled = !may('operator');
  byId('document').readOnly = !may('operator');
  start().catch((e) => say(byId('result'), e.message));
})();
