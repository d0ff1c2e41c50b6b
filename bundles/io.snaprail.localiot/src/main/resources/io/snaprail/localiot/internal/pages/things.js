'use strict';
// Things: their attributes, certificates, groups, and whether they are connected.
(() => {
  const { element, may, poll, say } = snaprail;
  const { get, send, byId, part, shortId, badge, button, cell, act, ask, confirmed, empty } = local;
  const admin = may('admin');
  let seen = '';
  let types = [];
  let groups = [];
  let certificates = [];

  const tag = (text, remove, label, link) =>
    element(
      'span',
      { class: 'tag' },
      link ? element('a', { href: link }, text) : text,
      ...(remove && admin ? [element('button', { type: 'button', 'aria-label': label, title: label, onclick: remove }, '×')] : [])
    );

  const attributeText = (attributes) => Object.entries(attributes).map(([key, value]) => key + ' = ' + value).join('\n');
  const attributesOf = (text) => {
    const found = {};
    for (const line of text.split('\n').filter((one) => one.trim())) {
      const at = line.indexOf('=');
      if (at < 1) {
        throw new Error(`Attributes: expected NAME = VALUE in each line, found "${line}".`);
      }
      found[line.slice(0, at).trim()] = line.slice(at + 1).trim();
    }
    return found;
  };
  const typeField = (value) => ({
    name: 'type', label: 'Type', kind: 'select', value,
    options: [['', 'None'], ...types.map((type) => [type, type])],
  });
  const attributesField = (value) => ({
    name: 'attributes', label: 'Attributes', hint: 'one a line: NAME = VALUE', kind: 'text', value, placeholder: 'site = north',
  });

  const create = () =>
    ask({
      title: 'Create thing',
      hint: 'Give it the name that the device uses as its client id: policies can then tell things apart by it.',
      fields: [{ name: 'name', label: 'Name', maxlength: 128, placeholder: 'such as pump-7' }, typeField(''), attributesField('')],
      button: 'Create',
      send: async (values) => {
        await send('POST', 'things', { name: values.name, type: values.type, attributes: attributesOf(values.attributes) });
        await refresh();
        say(byId('result'), `${values.name}: created. Next it needs a certificate.`, 'good');
      },
    });

  const edit = (thing) =>
    ask({
      title: 'Change ' + thing.name,
      fields: [typeField(thing.type), attributesField(attributeText(thing.attributes))],
      button: 'Save',
      send: async (values) => {
        await send('PUT', 'things/' + part(thing.name), { type: values.type, attributes: attributesOf(values.attributes), version: thing.version });
        await refresh();
      },
    });

  const remove = (thing) =>
    confirmed(`Delete ${thing.name}?`, 'Its shadows stay until they are deleted. Certificates have to be detached first.', 'Delete', async () => {
      await send('DELETE', 'things/' + part(thing.name));
      await refresh();
    });

  const attach = (thing) => {
    const free = certificates.filter((one) => !thing.certificates.includes(one.id));
    ask({
      title: 'Attach a certificate to ' + thing.name,
      hint: free.length ? 'A device that connects with it is this thing.' : 'There is no certificate to attach: make one on the page Device certificates.',
      big: false,
      fields: free.length
        ? [{ name: 'id', label: 'Certificate', kind: 'select', options: free.map((one) => [one.id, shortId(one.id) + ' · ' + one.subject]) }]
        : [],
      button: free.length ? 'Attach' : 'OK',
      send: async ({ id }) => {
        if (id) {
          await send('POST', `certificates/${id}/things`, { name: thing.name });
          await refresh();
        }
      },
    });
  };

  const join = (thing) => {
    const free = groups.filter((group) => !thing.groups.includes(group.name));
    ask({
      title: `Put ${thing.name} into a group`,
      hint: free.length ? 'Policies of the group then count for it.' : 'There is no other group: create one first.',
      big: false,
      fields: free.length ? [{ name: 'group', label: 'Group', kind: 'select', options: free.map((group) => [group.name, group.name]) }] : [],
      button: free.length ? 'Put in' : 'OK',
      send: async ({ group }) => {
        if (group) {
          await send('POST', `groups/${part(group)}/things`, { thing: thing.name });
          await refresh();
        }
      },
    });
  };

  const later = (work) => act(byId('result'), work).then(refresh);

  const row = (thing) =>
    element(
      'tr',
      { 'data-thing': thing.name },
      element(
        'th',
        { scope: 'row', class: 'point' },
        thing.name,
        ' ',
        thing.connected ? badge('good', 'Connected') : badge('none', 'Not connected')
      ),
      cell('Type', thing.type || '–'),
      cell('Attributes', element('span', { class: 'tags' }, ...Object.entries(thing.attributes).map(([key, value]) => element('span', { class: 'tag' }, `${key} = ${value}`)))),
      cell(
        'Certificates',
        element(
          'span',
          { class: 'tags' },
          ...thing.certificates.map((id) =>
            tag(shortId(id), () => later(() => send('DELETE', `certificates/${id}/things/${part(thing.name)}`)), `Detach certificate ${shortId(id)} from ${thing.name}`, 'certificates?id=' + id)
          ),
          ...(admin ? [button('Attach', 'Attach a certificate to ' + thing.name, () => attach(thing))] : [])
        )
      ),
      cell(
        'Groups',
        element(
          'span',
          { class: 'tags' },
          ...thing.groups.map((name) =>
            tag(name, () => later(() => send('DELETE', `groups/${part(name)}/things/${part(thing.name)}`)), `Take ${thing.name} out of ${name}`)
          ),
          ...(admin && groups.length ? [button('Add', `Put ${thing.name} into a group`, () => join(thing))] : [])
        )
      ),
      element(
        'td',
        { class: 'write' },
        element(
          'div',
          { class: 'actionsrow end' },
          element('a', { class: 'button small', href: 'shadows?thing=' + part(thing.name) }, 'Shadow'),
          ...(admin ? [button('Change', 'Change ' + thing.name, () => edit(thing)), button('Delete', 'Delete ' + thing.name, () => remove(thing), 'danger')] : [])
        )
      )
    );

  const refresh = async () => {
    const [answer, all] = await Promise.all([get('things'), get('certificates')]);
    types = answer.types;
    groups = answer.groups;
    certificates = all.certificates;
    const now = JSON.stringify([answer, certificates.length]);
    if (now === seen) {
      return;
    }
    seen = now;
    byId('rows').replaceChildren(...answer.things.map(row));
    empty(
      byId('empty'),
      answer.things.length,
      element('strong', {}, 'There is no thing yet.'),
      'A thing stands for a device. ',
      admin ? 'Create one, then make a certificate for it and attach a policy.' : 'An administrator can create one.'
    );
  };

  byId('new-thing').addEventListener('click', create);
  byId('new-type').addEventListener('click', () =>
    ask({
      title: 'Create type',
      hint: 'Things of one type have more in common than their name; a thing with a type may have 50 attributes.',
      big: false,
      fields: [{ name: 'name', label: 'Name', maxlength: 128, placeholder: 'such as pump' }, { name: 'description', label: 'Description' }],
      button: 'Create',
      send: async (values) => {
        await send('POST', 'types', values);
        await refresh();
        say(byId('result'), `Type ${values.name}: created.`, 'good');
      },
    })
  );
  byId('new-group').addEventListener('click', () =>
    ask({
      title: 'Create group',
      hint: 'Policies that are attached to a group count for all things in it.',
      big: false,
      fields: [
        { name: 'name', label: 'Name', maxlength: 128, placeholder: 'such as north' },
        { name: 'parent', label: 'Inside of', kind: 'select', options: [['', 'No other group'], ...groups.map((group) => [group.name, group.name])] },
        { name: 'description', label: 'Description' },
      ],
      button: 'Create',
      send: async (values) => {
        await send('POST', 'groups', values);
        await refresh();
        say(byId('result'), `Group ${values.name}: created.`, 'good');
      },
    })
  );
  for (const id of ['new-thing', 'new-type', 'new-group']) {
    byId(id).hidden = !admin;
  }
  get('endpoint').then(
    ({ host, port }) => byId('where').replaceChildren('MQTT over mutual TLS at ', element('code', {}, host + ':' + port), ' · ', element('a', { href: local.ROOT + 'endpoint/roots', download: 'local-endpoint-ca.pem' }, 'CA certificate for clients')),
    (e) => say(byId('result'), e.message)
  );
  poll(2000, refresh);
})();
