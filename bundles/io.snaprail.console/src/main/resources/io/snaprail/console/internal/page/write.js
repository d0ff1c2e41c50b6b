'use strict';
// The dialog that writes a point.
(() => {
  const { call } = snaprail;
  const byId = (id) => document.getElementById(id);
  const dialog = byId('write');
  let target = null;

  // Asks for a value; the row is one of the table of points.
  snaprail.openWrite = (row) => {
    target = row;
    const { point } = row;
    byId('write-title').textContent = `Write ${point.point}`;
    byId('write-about').textContent =
      `${point.device}${point.description ? ' · ' + point.description : ''} · now ${row.text || 'unknown'}${point.unit ? ' ' + point.unit : ''}`;
    const limits = [];
    if (point.min !== null) {
      limits.push('from ' + point.min);
    }
    if (point.max !== null) {
      limits.push('up to ' + point.max);
    }
    byId('write-limits').textContent =
      (limits.length ? limits.join(' ') + (point.unit ? ' ' + point.unit : '') : '') ||
      (point.type === 'bool' ? 'true or false' : '');
    byId('write-value').value = row.text;
    result('', '');
    dialog.showModal();
    byId('write-value').select();
  };

  const result = (text, kind) => {
    const node = byId('write-result');
    node.textContent = text;
    node.className = 'alert ' + kind;
  };

  // What was typed as JSON: true, false, a number; anything else is a text.
  const typed = (text) => {
    const trimmed = text.trim();
    if (trimmed === 'true' || trimmed === 'false') {
      return trimmed;
    }
    const number = trimmed.replace(',', '.');
    if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(number)) {
      return number;
    }
    return JSON.stringify(text);
  };

  byId('write-cancel').addEventListener('click', () => dialog.close());
  byId('write-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = byId('write-submit');
    const { point } = target;
    button.disabled = true;
    result('Writing…', 'info');
    try {
      // As JSON text, so that large whole numbers arrive digit for digit.
      const value = typed(byId('write-value').value);
      const path = `/api/v1/points/${encodeURIComponent(point.device)}/${encodeURIComponent(point.point)}`;
      const done = await call('POST', path, `{"value":${value}}`);
      const held = done.readBack === null ? '' : ` Read back: ${done.readBack}${point.unit ? ' ' + point.unit : ''}.`;
      result('Done: the device has confirmed it.' + held, 'good');
      setTimeout(() => dialog.close(), held ? 1800 : 900);
    } catch (e) {
      result(e.message, 'bad');
    } finally {
      button.disabled = false;
    }
  });
})();
