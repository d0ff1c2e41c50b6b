'use strict';
// A text of rows with line numbers, and what is wrong with it beside it, line by line.
(() => {
  const { element, call, setText } = snaprail;
  const CHECK_AFTER_MS = 400;
  const MAX_SHOWN = 200;

  // The cells of one line of CSV, quotes taken off.
  const cells = (line, separator) => {
    const found = [];
    let text = '';
    let quoted = false;
    for (let i = 0; i < line.length; i++) {
      const c = line[i];
      if (quoted && c === '"' && line[i + 1] === '"') {
        text += '"';
        i++;
      } else if (c === '"') {
        quoted = !quoted;
      } else if (c === separator && !quoted) {
        found.push(text);
        text = '';
      } else {
        text += c;
      }
    }
    found.push(text);
    return found;
  };
  snaprail.csvCells = cells;

  // An editor in a place. Of options: label; before: lines that the check gets in front of the text;
  // checked is told what the check has found.
  snaprail.mapText = (into, options) => {
    const gutter = element('div', { class: 'gutter', 'aria-hidden': 'true' });
    const area = element('textarea', {
      id: options.id,
      wrap: 'off',
      spellcheck: 'false',
      autocomplete: 'off',
      'aria-label': options.label,
      'aria-describedby': options.id + '-errors',
      placeholder: options.placeholder || null,
    });
    const errors = element('ol', { class: 'rowerrors', id: options.id + '-errors', 'aria-live': 'polite', 'aria-label': 'What is wrong' });
    into.replaceChildren(element('div', { class: 'maptext' }, element('div', { class: 'editor' }, gutter, area), errors));
    const before = options.before ? options.before + '\n' : '';
    const shift = options.before ? 1 : 0;
    let bad = new Map();
    let timer = 0;
    let round = 0;

    const number = () => {
      const lines = area.value.split('\n').length;
      const parts = [];
      let plain = '';
      for (let i = 1; i <= lines; i++) {
        if (bad.has(i)) {
          parts.push(plain, element('b', {}, '● ' + i), '\n');
          plain = '';
        } else {
          plain += i + '\n';
        }
      }
      gutter.replaceChildren(...parts, plain);
      gutter.scrollTop = area.scrollTop;
    };

    const goTo = (line) => {
      const lines = area.value.split('\n');
      const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
      area.focus();
      area.setSelectionRange(start, start + (lines[line - 1] || '').length);
      area.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(area).lineHeight));
      area.scrollLeft = 0;
    };

    const errorNode = (error) => {
      const line = error.line - shift;
      const text = (error.column ? error.column + ': ' : '') + error.message;
      return line > 0
        ? element('li', {}, element('button', { type: 'button', class: 'link', onclick: () => goTo(line) }, 'Line ' + line), ' ', text)
        : element('li', {}, text);
    };

    const show = (found) => {
      bad = new Map(found.errors.filter((e) => e.line > shift).map((e) => [e.line - shift, e]));
      const nodes = found.errors.slice(0, MAX_SHOWN).map(errorNode);
      if (found.errors.length > MAX_SHOWN) {
        nodes.push(element('li', {}, `and ${found.errors.length - MAX_SHOWN} more`));
      }
      errors.replaceChildren(...nodes);
      errors.classList.toggle('some', found.errors.length > 0);
      number();
      if (options.checked) {
        options.checked(found);
      }
    };

    const check = async () => {
      const mine = ++round;
      if (area.value.trim() === '') {
        show({ rows: [], errors: [] });
        return;
      }
      try {
        const found = await call('POST', '/api/v1/maps/check', before + area.value, { type: 'text/csv' });
        if (mine === round) {
          show(found);
        }
      } catch (e) {
        if (mine === round) {
          show({ rows: [], errors: [{ line: 0, column: '', message: e.message }] });
        }
      }
    };

    const changed = () => {
      number();
      clearTimeout(timer);
      if (options.check !== false) {
        timer = setTimeout(check, CHECK_AFTER_MS);
      }
    };
    area.addEventListener('input', changed);
    area.addEventListener('scroll', () => {
      gutter.scrollTop = area.scrollTop;
    });

    return {
      area,
      get: () => area.value,
      set: (text) => {
        area.value = text;
        changed();
      },
      show,
      readOnly: (yes) => {
        area.readOnly = yes;
      },
    };
  };

  // A file as text, in the encodings that the gateway takes; of any other one it says what to do.
  snaprail.readText = async (file) => {
    const bytes = await file.arrayBuffer();
    const [a, b] = new Uint8Array(bytes);
    const encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch (e) {
      await call('POST', '/api/v1/maps/check', bytes, { type: 'text/csv' });
      throw e;
    }
  };
  snaprail.setCount = (node, found) =>
    setText(node, `${found.rows.length} good ${found.rows.length === 1 ? 'row' : 'rows'}` + (found.errors.length ? `, ${found.errors.length} ${found.errors.length === 1 ? 'error' : 'errors'}` : ', no error'));
})();
