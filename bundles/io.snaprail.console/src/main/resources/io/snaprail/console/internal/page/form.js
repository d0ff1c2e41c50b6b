'use strict';
// A form made from the fields that a driver declares.
(() => {
  const { element } = snaprail;

  const describe = (field) => {
    const limits =
      field.min !== null && field.max !== null
        ? `${field.min}..${field.max}`
        : field.min !== null
          ? `from ${field.min}`
          : field.max !== null
            ? `up to ${field.max}`
            : '';
    const text = field.description;
    return limits && !text.includes(limits) ? (text ? text.replace(/\.?$/, '. ') : '') + limits + '.' : text;
  };

  const control = (field, id) => {
    if (field.type === 'BOOLEAN' && !field.many) {
      return element('input', { type: 'checkbox', id });
    }
    if (field.options.length && !field.many) {
      const none = field.required || field.default.length ? [] : [element('option', { value: '' }, '–')];
      return element('select', { id }, ...none, ...field.options.map((o) => element('option', { value: o.value }, o.label)));
    }
    if (field.many) {
      return element('textarea', { id, spellcheck: 'false', rows: '3', placeholder: 'one a line' });
    }
    const password = field.type === 'PASSWORD';
    const numeric = field.type === 'WHOLE' ? 'numeric' : field.type === 'NUMBER' ? 'decimal' : null;
    return element('input', {
      id,
      type: password ? 'password' : null,
      autocomplete: password ? 'new-password' : 'off',
      spellcheck: 'false',
      inputmode: numeric,
      placeholder: field.default.length ? field.default.join(', ') : null,
    });
  };

  // What one item of a text is; throws what was expected.
  const parse = (field, text) => {
    if (field.type === 'WHOLE') {
      const value = Number(text);
      if (!/^[-+]?\d+$/.test(text) || !Number.isSafeInteger(value)) {
        throw new Error(`expected a whole number, found "${text}"`);
      }
      if ((field.min !== null && value < field.min) || (field.max !== null && value > field.max)) {
        throw new Error(`expected ${field.min === null ? 'at most ' + field.max : field.max === null ? field.min + ' or more' : field.min + '..' + field.max}, found ${text}`);
      }
      return value;
    }
    if (field.type === 'NUMBER') {
      const value = Number(text.replace(',', '.'));
      if (text === '' || !Number.isFinite(value)) {
        throw new Error(`expected a number, found "${text}"`);
      }
      return value;
    }
    if (field.type === 'BOOLEAN') {
      return text === 'true';
    }
    return text;
  };

  const makeInput = (field) => {
    const id = 'field-' + field.id.replace(/[^A-Za-z0-9]/g, '-');
    const node = control(field, id);
    const hint = element('p', { class: 'hint', id: id + '-hint' }, describe(field));
    const wrong = element('p', { class: 'wrong', id: id + '-wrong', role: 'alert' });
    node.setAttribute('aria-describedby', `${id}-hint ${id}-wrong`);
    const label = element('label', { for: id }, field.label || field.id, ...(field.required ? [element('span', { class: 'needed' }, ' needed')] : []));
    if (field.required) {
      node.setAttribute('aria-required', 'true');
    }
    const box = node.type === 'checkbox';
    const first = box ? [element('div', { class: 'check' }, node, label)] : [label, node];
    return { field, node, wrong, box: element('div', { class: 'field', 'data-field': field.id }, ...first, hint, wrong) };
  };

  const write = (input, value) => {
    const { field, node } = input;
    const shown = value === undefined ? field.default : [].concat(value);
    if (node.type === 'checkbox') {
      node.checked = String(shown[0]) === 'true';
    } else if (value === undefined && node.tagName === 'INPUT') {
      node.value = ''; // its placeholder tells the default
    } else {
      node.value = shown.join('\n');
    }
  };

  // The value to keep; undefined for the default, and for what is needed and not there if that
  // is allowed.
  const value = (input, partial) => {
    const { field, node } = input;
    if (node.type === 'checkbox') {
      return node.checked === (field.default[0] === 'true') ? undefined : node.checked;
    }
    if (field.many) {
      const items = node.value.split('\n').map((line) => line.trim()).filter(Boolean);
      return items.length ? items.map((item) => parse(field, item)) : undefined;
    }
    const text = field.type === 'PASSWORD' ? node.value : node.value.trim();
    if (text === '') {
      if (field.required && !partial) {
        throw new Error('is needed');
      }
      return undefined;
    }
    return field.options.length && text === field.default[0] ? undefined : parse(field, text);
  };

  // Inputs for fields, each set from settings. read() gives what differs from the defaults or stood
  // in the settings before, and throws when something is wrong, which is told beside it too.
  snaprail.form = (fields, settings) => {
    const inputs = new Map(fields.map((field) => [field.id, makeInput(field)]));
    for (const [id, input] of inputs) {
      write(input, settings[id]);
    }

    const read = (partial) => {
      const values = {};
      const faults = [];
      for (const [id, input] of inputs) {
        input.wrong.textContent = '';
        input.node.removeAttribute('aria-invalid');
        try {
          let found = value(input, partial);
          if (found === undefined && id in settings && input.node.type === 'checkbox') {
            found = input.node.checked; // it stood there, so it goes on to
          }
          if (found !== undefined) {
            values[id] = found;
          }
        } catch (e) {
          input.wrong.textContent = `${input.field.label || id}: ${e.message}`;
          input.node.setAttribute('aria-invalid', 'true');
          faults.push(input);
        }
      }
      if (faults.length) {
        faults[0].node.closest('details')?.setAttribute('open', '');
        faults[0].node.focus();
        throw new Error(faults.map((input) => input.wrong.textContent).join('; '));
      }
      return values;
    };

    // What it says now, as far as it is right; marks nothing. Null when something is wrong.
    const peek = () => {
      const values = {};
      let whole = true;
      for (const [id, input] of inputs) {
        try {
          const found = value(input);
          if (found !== undefined) {
            values[id] = found;
          }
        } catch (e) {
          whole = false;
        }
      }
      return { values, whole };
    };

    // Sets fields; undefined is the default.
    const fill = (settings) => {
      for (const [id, found] of Object.entries(settings)) {
        if (inputs.has(id)) {
          write(inputs.get(id), found);
        }
      }
    };

    // Takes a text over into a field, such as a unit that a scan has found.
    const take = (id, text) => {
      const input = inputs.get(id);
      input.node.value = text;
      input.node.closest('details')?.setAttribute('open', '');
      input.node.scrollIntoView({ block: 'center' });
      input.node.focus();
    };

    return { inputs, read, peek, fill, take };
  };
})();
