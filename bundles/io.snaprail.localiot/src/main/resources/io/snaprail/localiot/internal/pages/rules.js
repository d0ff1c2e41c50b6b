'use strict';
// Rules: what is done with messages.
(() => {
  const { element, may, say } = snaprail;
  const { get, send, byId, part, button, cell, act, confirmed, editor, empty, jsonFault } = local;
  const admin = may('admin');
  const lines = editor(byId('document'));
  const START = {
    sql: "SELECT *, topic(1) AS thing FROM '+/state' WHERE temperature > 60",
    actions: [{ republish: { topic: 'alarms/${topic(1)}', qos: 1 } }],
  };
  let open = null;

  const check = () => {
    const fault = jsonFault(byId('document').value);
    say(byId('fault'), fault ? `Line ${fault.line}, column ${fault.column}: ${fault.message}` : '');
    lines.mark(fault ? fault.line : 0);
    byId('save').disabled = !admin || Boolean(fault);
  };
  byId('document').addEventListener('input', check);

  const show = (name, text) => {
    open = name;
    byId('editing').hidden = false;
    byId('editing-title').textContent = name ? 'Rule ' + name : 'New rule';
    byId('name-part').hidden = Boolean(name);
    byId('name').value = '';
    lines.set(text);
    check();
    byId('editing').scrollIntoView({ block: 'nearest', behavior: 'smooth' });
    (name ? byId('document') : byId('name')).focus();
  };

  let rules = [];
  const edit = (name) => {
    const rule = rules.find((one) => one.name === name);
    let text = rule.document;
    try {
      text = JSON.stringify(JSON.parse(text), null, 2);
    } catch (e) {
      // as it is: what is wrong with it is seen in the editor
    }
    show(name, text);
  };
  const sql = (rule) => {
    try {
      return JSON.parse(rule.document).sql || '';
    } catch (e) {
      return '(not JSON)';
    }
  };

  const row = ({ name, document }) =>
    element(
      'tr',
      { 'data-rule': name },
      element('th', { scope: 'row', class: 'point' }, name),
      cell('SQL', element('code', { class: 'break' }, sql({ document }))),
      element(
        'td',
        { class: 'write' },
        element(
          'div',
          { class: 'actionsrow end' },
          button(admin ? 'Edit' : 'Show', (admin ? 'Edit ' : 'Show ') + name, () => edit(name)),
          ...(admin
            ? [
                button('Delete', 'Delete ' + name, () =>
                  confirmed(`Delete ${name}?`, 'Messages are no longer looked at by it.', 'Delete', async () => {
                    await send('DELETE', 'rules/' + part(name));
                    byId('close').click();
                    await refresh();
                  }), 'danger'),
              ]
            : [])
        )
      )
    );

  const refresh = async () => {
    rules = (await get('rules')).rules;
    byId('rows').replaceChildren(...rules.map(row));
    empty(
      byId('empty'),
      rules.length,
      element('strong', {}, 'There is no rule yet.'),
      admin ? 'Create one to send alarms on, or to keep what devices publish in a file.' : 'An administrator can create one.'
    );
  };

  byId('new-rule').hidden = !admin;
  byId('new-rule').addEventListener('click', () => show('', JSON.stringify(START, null, 2)));
  byId('close').addEventListener('click', () => {
    byId('editing').hidden = true;
  });
  byId('save').addEventListener('click', async () => {
    const name = open || byId('name').value.trim();
    const done = await act(byId('result'), () => send('PUT', 'rules/' + part(name), { document: byId('document').value }), `${name}: saved.`);
    if (done) {
      await refresh();
      edit(name);
    }
  });
  byId('document').readOnly = !admin;
  refresh().catch((e) => say(byId('result'), e.message));
})();
