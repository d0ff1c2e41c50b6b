'use strict';
// Templates of fleet provisioning.
(() => {
  const { element, may, say } = snaprail;
  const { get, send, byId, part, button, cell, act, confirmed, editor, empty, jsonFault } = local;
  const admin = may('admin');
  const lines = editor(byId('document'));
  const START = {
    Parameters: { SerialNumber: { Type: 'String' }, 'AWS::IoT::Certificate::Id': { Type: 'String' } },
    Resources: {
      thing: {
        Type: 'AWS::IoT::Thing',
        Properties: { ThingName: { 'Fn::Join': ['-', ['pump', { Ref: 'SerialNumber' }]] }, AttributePayload: { serial: { Ref: 'SerialNumber' } } },
      },
      certificate: {
        Type: 'AWS::IoT::Certificate',
        Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'Active' },
      },
      policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: 'pumps' } },
    },
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
    byId('editing-title').textContent = name ? 'Template ' + name : 'New template';
    byId('name-part').hidden = Boolean(name);
    byId('name').value = '';
    lines.set(text);
    check();
    byId('editing').scrollIntoView({ block: 'nearest', behavior: 'smooth' });
    (name ? byId('document') : byId('name')).focus();
  };

  const edit = async (name) => {
    const found = await act(byId('result'), () => get('templates/' + part(name)));
    if (found) {
      show(name, found.document);
    }
  };

  const row = (name) =>
    element(
      'tr',
      { 'data-template': name },
      element('th', { scope: 'row', class: 'point' }, name),
      cell('Devices publish to', element('code', { class: 'break' }, `$aws/provisioning-templates/${name}/provision/json`)),
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
                  confirmed(`Delete ${name}?`, 'Devices that come with it are refused from then on; those that came before stay.', 'Delete', async () => {
                    await send('DELETE', 'templates/' + part(name));
                    byId('close').click();
                    await refresh();
                  }), 'danger'),
              ]
            : [])
        )
      )
    );

  const refresh = async () => {
    const { templates } = await get('templates');
    byId('rows').replaceChildren(...templates.map(row));
    empty(
      byId('empty'),
      templates.length,
      element('strong', {}, 'There is no template yet.'),
      admin ? 'Create one, and a claim certificate whose policy lets a device use it.' : 'An administrator can create one.'
    );
  };

  byId('new-template').hidden = !admin;
  byId('new-template').addEventListener('click', () => show('', JSON.stringify(START, null, 2)));
  byId('close').addEventListener('click', () => {
    byId('editing').hidden = true;
  });
  byId('save').addEventListener('click', async () => {
    const name = open || byId('name').value.trim();
    const done = await act(byId('result'), () => send('PUT', 'templates/' + part(name), { document: byId('document').value }), `${name}: saved.`);
    if (done) {
      await refresh();
      await edit(name);
    }
  });
  byId('document').readOnly = !admin;
  refresh().catch((e) => say(byId('result'), e.message));
})();
