'use strict';
// What the pages of the local endpoint share: calls, dialogs, editors.
const local = (() => {
  const { element, call, look, say } = snaprail;
  const ROOT = '/api/v1/ext/localiot/';
  const byId = (id) => document.getElementById(id);
  const part = encodeURIComponent;

  const get = (path) => look(ROOT + path);
  const send = (method, path, body) => call(method, ROOT + path, body);

  const shortId = (id) => id.slice(0, 10) + '…';

  const badge = (kind, text) => element('span', { class: 'q q-' + kind }, text);

  const STATUS = {
    ACTIVE: ['good', 'Active'],
    INACTIVE: ['none', 'Inactive'],
    REVOKED: ['bad', 'Revoked'],
    PENDING_ACTIVATION: ['uncertain', 'Waits for activation'],
    PENDING_TRANSFER: ['uncertain', 'In transfer'],
  };
  const status = (name) => badge(...(STATUS[name] || ['none', name]));

  const button = (text, label, action, extra) =>
    element('button', { type: 'button', class: 'small ' + (extra || ''), 'aria-label': label, onclick: action }, text);

  // Rows of a table whose cells become lines of a card on narrow screens.
  const cell = (label, ...children) => element('td', { 'data-label': label }, ...children);

  // Shows an answer of the gateway, or what went wrong.
  const act = async (result, work, done) => {
    try {
      const answer = await work();
      if (done) {
        say(result, typeof done === 'function' ? done(answer) : done, 'good');
      } else if (!result.classList.contains('good')) {
        say(result, ''); // what was done before stays said
      }
      return answer;
    } catch (e) {
      say(result, e.message);
      return null;
    }
  };

  let fieldCount = 0;
  const makeField = (field) => {
    const id = 'f' + ++fieldCount;
    const shared = { id, name: field.name, placeholder: field.placeholder, maxlength: field.maxlength };
    let input;
    if (field.kind === 'select') {
      input = element(
        'select',
        { id, name: field.name },
        ...field.options.map(([value, text]) => element('option', { value, selected: value === field.value ? '' : null }, text))
      );
    } else if (field.kind === 'text') {
      input = element('textarea', { ...shared, spellcheck: 'false', autocomplete: 'off' });
      input.value = field.value || '';
    } else if (field.kind === 'check') {
      input = element('input', { id, name: field.name, type: 'checkbox', checked: field.value ? '' : null });
    } else {
      input = element('input', { ...shared, autocomplete: 'off', spellcheck: 'false', value: field.value });
    }
    const label = element('label', { for: id }, field.label, ...(field.hint ? [' ', element('span', { class: 'hint' }, field.hint)] : []));
    const box = element('div', { class: field.kind === 'check' ? 'checkline' : null });
    box.append(...(field.kind === 'check' ? [input, label] : [label, input]));
    if (field.kind === 'text' && field.file) {
      const file = element('input', { type: 'file', 'aria-label': 'A file with ' + field.label, class: 'filepick' });
      file.addEventListener('change', async () => {
        if (file.files.length) {
          input.value = await file.files[0].text();
        }
      });
      box.append(file);
    }
    return { box, input, name: field.name, value: () => (field.kind === 'check' ? input.checked : input.value.trim()) };
  };

  // A dialog with fields; send is given their values, and closes it unless it throws. What send
  // returns as nodes is shown in place of the fields.
  const ask = (options) => {
    const fields = (options.fields || []).map(makeField);
    const result = element('p', { class: 'alert', role: 'alert' });
    const submit = element('button', { type: 'submit', class: options.danger ? 'danger' : 'primary' }, options.button);
    const close = element('button', { type: 'button' }, 'Close');
    const body = element('div', {}, ...fields.map((field) => field.box));
    const title = element('h2', { id: 'local-ask' }, options.title);
    const form = element(
      'form',
      { novalidate: '' },
      title,
      ...(options.hint ? [element('p', { class: 'hint' }, options.hint)] : []),
      body,
      result,
      element('div', { class: 'actions' }, close, submit)
    );
    const dialog = element('dialog', { class: options.big === false ? null : 'big', 'aria-labelledby': 'local-ask' }, form);
    close.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => dialog.remove());
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      submit.disabled = true;
      try {
        const values = {};
        fields.forEach((field) => (values[field.name] = field.value()));
        const shown = await options.send(values);
        if (Array.isArray(shown)) {
          body.replaceChildren(...shown);
          say(result, '');
          submit.remove();
        } else {
          dialog.close();
        }
      } catch (e) {
        say(result, e.message);
      } finally {
        submit.disabled = false;
      }
    });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
  };

  // Asks before something that cannot be taken back.
  const confirmed = (title, hint, buttonText, work) =>
    ask({ title, hint, button: buttonText, danger: true, big: false, send: work });

  // Line numbers beside a text; returns a function that marks a line and column.
  const editor = (area) => {
    const gutter = element('pre', { class: 'gutter', 'aria-hidden': 'true' });
    const box = element('div', { class: 'editor' });
    area.replaceWith(box);
    box.append(gutter, area);
    let bad = 0;
    const paint = () => {
      const lines = area.value.split('\n').length;
      gutter.replaceChildren();
      for (let i = 1; i <= lines; i++) {
        gutter.append(element('span', { class: i === bad ? 'badline' : null }, String(i)), '\n');
      }
      area.rows = Math.min(Math.max(lines + 1, 10), 30);
      gutter.scrollTop = area.scrollTop;
    };
    area.addEventListener('input', () => {
      bad = 0;
      paint();
    });
    area.addEventListener('scroll', () => (gutter.scrollTop = area.scrollTop));
    area.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        area.blur(); // Tab leaves it, too
      }
    });
    paint();
    return {
      set: (text) => {
        area.value = text;
        bad = 0;
        paint();
      },
      mark: (line) => {
        bad = line;
        paint();
      },
      go: (line, column) => {
        const before = area.value.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
        area.focus();
        area.setSelectionRange(before + column - 1, before + column);
      },
    };
  };

  // Where a text stops being JSON: {line, column, message}; null when it is an object.
  const jsonFault = (text) => {
    try {
      const parsed = JSON.parse(text);
      return parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)
        ? null
        : { line: 1, column: 1, message: 'Expected an object: { … }' };
    } catch (e) {
      const at = /position (\d+)/.exec(e.message);
      const offset = at ? Number(at[1]) : text.length;
      const before = text.slice(0, offset).split('\n');
      return {
        line: before.length,
        column: before[before.length - 1].length + 1,
        message: 'Not JSON: ' + e.message.replace(/ in JSON at position.*| \(line.*/, '').replace(/^JSON\.parse: /, ''),
      };
    }
  };

  const text = (value) => (typeof value === 'string' ? JSON.stringify(value) : JSON.stringify(value));

  // Says what an empty table is for.
  const empty = (node, rows, ...children) => {
    node.hidden = rows > 0;
    node.replaceChildren(...children);
  };

  const parameter = (name) => new URLSearchParams(location.search).get(name) || '';

  return {
    ROOT, get, send, byId, part, shortId, badge, status, button, cell, act, ask, confirmed, editor, jsonFault, text, empty, parameter,
  };
})();
