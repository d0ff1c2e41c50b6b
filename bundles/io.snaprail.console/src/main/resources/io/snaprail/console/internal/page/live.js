'use strict';
// A tool that goes on until somebody ends it, such as a monitor of a line: its newest rows, held,
// cleared and ended by a person, and what can be done with them.
(() => {
  const { element, call, look, may, say, number } = snaprail;
  const EVERY_MS = 300;
  const MAX_SHOWN = 1000;
  const MAX_TRIED = 60000; // characters that a tool takes, with some room
  const STATES = { RUNNING: 'Running', DONE: 'Ended', FAILED: 'Failed', CANCELLED: 'Ended' };

  const path = (driver, tool) => `/api/v1/drivers/${encodeURIComponent(driver.pid)}/tools/${encodeURIComponent(tool.id)}`;

  // The newest bytes that came, as hexadecimal digits, a row each.
  const heard = (rows, columns) => {
    const hex = columns.indexOf('hex');
    const direction = columns.indexOf('direction');
    const lines = [];
    let length = 0;
    for (let i = rows.length - 1; i >= 0; i--) {
      const line = rows[i][direction] === 'came' ? rows[i][hex] : '';
      length += line.length + 1;
      if (length > MAX_TRIED) {
        break;
      }
      if (line) {
        lines.unshift(line);
      }
    }
    return lines.join('\n');
  };

  // A line to send something, for a driver with a tool "send".
  const sendLine = (driver, settings, told) => {
    const tool = driver.tools.find((one) => one.id === 'send');
    if (!tool) {
      return [];
    }
    const allowed = may(tool.role.toLowerCase());
    const parameter = tool.parameters.find((one) => one.id === 'text');
    const field = element('input', {
      'aria-label': parameter.label,
      placeholder: allowed ? parameter.label : 'Sending is for administrators',
      autocomplete: 'off',
      spellcheck: 'false',
      class: 'mono',
      disabled: allowed ? null : '',
    });
    const button = element('button', { type: 'submit', disabled: allowed ? null : '' }, 'Send once');
    const form = element('form', { class: 'pair sendline', novalidate: '' }, field, button);
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      event.stopPropagation();
      say(told, '');
      button.disabled = true;
      try {
        let run = await call('POST', path(driver, tool), { settings: await settings(), parameters: { text: field.value, seconds: '1' } });
        while (run.state === 'RUNNING') {
          await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
          run = await look('/api/v1/runs/' + run.id);
        }
        say(told, run.message, run.state === 'DONE' ? 'info' : 'bad');
      } catch (e) {
        say(told, e.message);
      } finally {
        button.disabled = false;
      }
    });
    return [form];
  };

  // Of options: tried is given bytes that came, as hexadecimal digits.
  snaprail.live = (driver, tool, parameters, settings, options) => {
    const columns = tool.columns;
    const body = element('tbody', {});
    const wrap = element(
      'div',
      { class: 'tablewrap livewrap', hidden: '', tabindex: '0', role: 'region', 'aria-label': tool.title },
      element('table', { class: 'live' }, element('thead', {}, element('tr', {}, ...columns.map((c) => element('th', { scope: 'col' }, snaprail.head(c))))), body)
    );
    const start = element('button', { type: 'submit', class: 'primary' }, 'Start');
    const hold = element('button', { type: 'button', hidden: '', 'aria-pressed': 'false' }, 'Pause');
    const clear = element('button', { type: 'button', hidden: '' }, 'Clear');
    const take = element('button', { type: 'button', hidden: '' }, 'Try what was heard');
    const state = element('strong', {});
    const status = element('span', { class: 'break' });
    const told = element('p', { class: 'alert', role: 'status' });
    const form = element(
      'form',
      { novalidate: '' },
      ...parameters.nodes,
      element('div', { class: 'actionsrow' }, start, hold, clear, ...(options.tried ? [take] : []), element('p', { class: 'runline', role: 'status' }, state, ' ', status))
    );
    const into = element('div', {}, form, wrap, ...sendLine(driver, settings, told), told);

    let run = null;
    let held = false;
    let kept = []; // rows that are shown
    let later = []; // rows that wait while it is held

    const row = (cells) => {
      const kind = cells[columns.indexOf('direction')];
      return element('tr', { class: kind === 'sent' ? 'sent' : null }, ...cells.map((text, i) => snaprail.cell(columns[i], text)));
    };

    const append = (rows) => {
      const follows = wrap.scrollTop + wrap.clientHeight >= wrap.scrollHeight - 30;
      kept = kept.concat(rows).slice(-MAX_SHOWN);
      body.append(...rows.slice(-MAX_SHOWN).map(row));
      while (body.children.length > MAX_SHOWN) {
        body.firstChild.remove();
      }
      wrap.hidden = false;
      take.hidden = !options.tried || kept.length === 0;
      clear.hidden = false;
      if (follows) {
        wrap.scrollTop = wrap.scrollHeight;
      }
    };

    const show = (latest) => {
      if (held) {
        later = later.concat(latest.rows).slice(-MAX_SHOWN);
      } else if (latest.rows.length) {
        append(latest.rows);
      }
      state.textContent = STATES[latest.state] + (latest.message ? ':' : '');
      state.className = latest.state === 'FAILED' ? 'bad' : latest.state === 'RUNNING' ? 'good' : '';
      status.textContent = latest.message + (held && later.length ? ` · paused, ${number(later.length)} more rows` : '');
    };

    const setHeld = (yes) => {
      held = yes;
      hold.textContent = yes ? 'Go on' : 'Pause';
      hold.setAttribute('aria-pressed', String(yes));
      if (!yes && later.length) {
        append(later);
        later = [];
      }
    };
    hold.addEventListener('click', () => setHeld(!held));
    clear.addEventListener('click', () => {
      kept = [];
      later = [];
      body.replaceChildren();
    });
    take.addEventListener('click', () => options.tried(heard(kept, columns)));

    const going = (yes) => {
      start.textContent = yes ? 'Stop' : 'Start';
      start.classList.toggle('primary', !yes);
      hold.hidden = !yes;
      if (!yes) {
        setHeld(false);
      }
    };

    const follow = async () => {
      while (run.state === 'RUNNING') {
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
        if (!into.isConnected) {
          await call('DELETE', '/api/v1/runs/' + run.id);
          return;
        }
        run = await look(`/api/v1/runs/${run.id}?from=${run.rowCount}`);
        show(run);
      }
    };

    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      event.stopPropagation();
      say(told, '');
      try {
        if (run && run.state === 'RUNNING') {
          await call('DELETE', '/api/v1/runs/' + run.id);
          return;
        }
        run = await call('POST', path(driver, tool), { settings: await settings(), parameters: parameters.values() });
        going(true);
        show(run);
        await follow();
      } catch (e) {
        say(told, e.message);
        run = null;
      }
      going(false);
    });
    return into;
  };
})();
