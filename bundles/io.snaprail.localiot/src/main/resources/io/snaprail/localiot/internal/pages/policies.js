'use strict';
// Policies with their versions, an editor that says what is wrong where, and "would this be allowed?".
(() => {
  const { element, may, say } = snaprail;
  const { get, send, byId, part, shortId, badge, button, cell, act, confirmed, editor, empty, parameter } = local;
  const admin = may('admin');
  const lines = editor(byId('document'));
  const START = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'iot:Connect', Resource: 'arn:aws:iot:REGION:ACCOUNT:client/${iot:Connection.Thing.ThingName}' },
      {
        Effect: 'Allow',
        Action: ['iot:Publish', 'iot:Receive'],
        Resource: [
          'arn:aws:iot:REGION:ACCOUNT:topic/${iot:Connection.Thing.ThingName}/*',
          'arn:aws:iot:REGION:ACCOUNT:topic/$aws/things/${iot:Connection.Thing.ThingName}/*',
        ],
      },
      {
        Effect: 'Allow',
        Action: 'iot:Subscribe',
        Resource: [
          'arn:aws:iot:REGION:ACCOUNT:topicfilter/${iot:Connection.Thing.ThingName}/*',
          'arn:aws:iot:REGION:ACCOUNT:topicfilter/$aws/things/${iot:Connection.Thing.ThingName}/*',
        ],
      },
    ],
  };
  let open = null; // the policy that is edited; null for a new one
  let base = '';
  let timer = 0;
  let wrong = true;
  let certificates = [];
  let arns = null;

  const pretty = (text) => {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch (e) {
      return text;
    }
  };
  const dirty = () => byId('document').value !== base;
  const chosen = () => open && open.versions.find((one) => String(one.version) === byId('version').value);

  // ---- the editor

  const paintButtons = () => {
    const version = chosen();
    byId('save').textContent = open ? 'Save as new version, in force' : 'Create';
    byId('save').disabled = !admin || wrong || (open && !dirty());
    byId('in-force').disabled = !admin || !version || dirty() || version.version === open.default;
    byId('remove-version').disabled = !admin || !version || version.version === open.default;
  };

  const check = async () => {
    try {
      const fault = await send('POST', 'policy-check', { document: byId('document').value });
      wrong = Boolean(fault.message);
      lines.mark(fault.line || 0);
      const at = fault.line && !/line \d+/.test(fault.message || '') ? `Line ${fault.line}, column ${fault.column}: ` : '';
      say(byId('fault'), wrong ? at + fault.message : '');
    } catch (e) {
      say(byId('fault'), e.message);
    }
    paintButtons();
  };

  byId('document').addEventListener('input', () => {
    wrong = true;
    paintButtons();
    clearTimeout(timer);
    timer = setTimeout(check, 300);
    fillWho();
  });
  byId('fault').addEventListener('click', () => {
    const at = /line (\d+),? column (\d+)/i.exec(byId('fault').textContent);
    if (at) {
      lines.go(Number(at[1]), Number(at[2]));
    }
  });

  const fill = (text) => {
    base = text;
    lines.set(text);
    check();
  };

  const edit = async (name, version) => {
    const policy = await act(byId('result'), () => get('policies/' + part(name)));
    if (!policy) {
      return;
    }
    open = policy;
    byId('editing').hidden = false;
    byId('editing-title').textContent = 'Policy ' + name;
    byId('name-part').hidden = true;
    byId('version-part').hidden = false;
    byId('version').replaceChildren(
      ...policy.versions.map((one) =>
        element(
          'option',
          { value: one.version, selected: one.version === (version || policy.default) ? '' : null },
          `Version ${one.version} of ${new Date(one.created).toLocaleString()}` + (one.version === policy.default ? ' · in force' : '')
        )
      )
    );
    fill(pretty(chosen().document));
    byId('editing').scrollIntoView({ block: 'nearest', behavior: 'smooth' });
    fillWho();
  };

  byId('version').addEventListener('change', () => fill(pretty(chosen().document)));
  byId('new-policy').addEventListener('click', () => {
    open = null;
    byId('editing').hidden = false;
    byId('editing-title').textContent = 'New policy';
    byId('name-part').hidden = false;
    byId('version-part').hidden = true;
    byId('name').value = '';
    fill(JSON.stringify(START, null, 2).replaceAll('REGION', arns.region).replaceAll('ACCOUNT', arns.account));
    byId('name').focus();
    fillWho();
  });
  byId('close').addEventListener('click', () => {
    byId('editing').hidden = true;
    open = null;
    fillWho();
  });
  byId('save').addEventListener('click', async () => {
    const name = open ? open.name : byId('name').value.trim();
    const document = byId('document').value;
    const done = await act(
      byId('result'),
      () => (open ? send('POST', `policies/${part(name)}/versions`, { document, default: true }) : send('POST', 'policies', { name, document })),
      open ? `${name}: the new version is in force.` : `${name}: created. Attach it to a certificate.`
    );
    if (done) {
      await refresh();
      await edit(name);
    }
  });
  byId('in-force').addEventListener('click', async () => {
    const name = open.name;
    const { version } = chosen();
    if (await act(byId('result'), () => send('PUT', `policies/${part(name)}/default`, { version }), `${name}: version ${version} is in force.`)) {
      await refresh();
      await edit(name, version);
    }
  });
  byId('remove-version').addEventListener('click', async () => {
    const name = open.name;
    const { version } = chosen();
    if (await act(byId('result'), () => send('DELETE', `policies/${part(name)}/versions/${version}`), `${name}: version ${version} is deleted.`)) {
      await refresh();
      await edit(name);
    }
  });

  // ---- the list

  const row = (policy) =>
    element(
      'tr',
      { 'data-policy': policy.name },
      element('th', { scope: 'row', class: 'point' }, policy.name),
      cell('Version in force', `${policy.default}` + (policy.versions > 1 ? ` of ${policy.versions} kept` : '')),
      cell(
        'Attached to',
        element(
          'span',
          { class: 'tags' },
          ...policy.certificates.map((id) => element('span', { class: 'tag' }, element('a', { href: 'certificates?id=' + id }, nameOf(id)))),
          ...policy.groups.map((name) => element('span', { class: 'tag' }, 'group ' + name)),
          ...(policy.certificates.length + policy.groups.length ? [] : [element('span', { class: 'hint' }, 'nothing')])
        )
      ),
      element(
        'td',
        { class: 'write' },
        element(
          'div',
          { class: 'actionsrow end' },
          button(admin ? 'Edit' : 'Show', (admin ? 'Edit ' : 'Show ') + policy.name, () => edit(policy.name)),
          ...(admin
            ? [
                button('Delete', 'Delete ' + policy.name, () =>
                  confirmed(`Delete ${policy.name}?`, 'It must be attached to nothing and have one version.', 'Delete', async () => {
                    await send('DELETE', 'policies/' + part(policy.name));
                    byId('close').click();
                    await refresh();
                  }), 'danger'),
              ]
            : [])
        )
      )
    );

  const nameOf = (id) => {
    const certificate = certificates.find((one) => one.id === id);
    return certificate && certificate.things.length ? certificate.things.join(', ') + ' · ' + shortId(id) : shortId(id);
  };

  const refresh = async () => {
    const [answer, all] = await Promise.all([get('policies'), get('certificates')]);
    certificates = all.certificates.sort((a, b) => b.things.length - a.things.length);
    const [, , , region, account] = answer.prefix.split(':');
    arns = { region, account };
    byId('rows').replaceChildren(...answer.policies.map(row));
    empty(
      byId('empty'),
      answer.policies.length,
      element('strong', {}, 'There is no policy yet.'),
      'Without one a certificate lets nobody do anything. ',
      admin ? 'Create one, then attach it to a certificate.' : 'An administrator can create one.'
    );
    fillWho();
  };

  // ---- would this be allowed?

  const RESOURCES = { Connect: 'Client id', Subscribe: 'Topic filter', GetThingShadow: 'Thing', UpdateThingShadow: 'Thing', DeleteThingShadow: 'Thing' };
  const isThing = () => byId('action').value.endsWith('Shadow');

  const fillWho = () => {
    const old = byId('who').value;
    const editing = !byId('editing').hidden;
    byId('who').replaceChildren(
      ...certificates.map((one) => element('option', { value: one.id }, (one.things.join(', ') || one.subject) + ' · certificate ' + shortId(one.id))),
      ...(editing ? [element('option', { value: 'document' }, 'The document above')] : [])
    );
    byId('who').value = [...byId('who').options].some((option) => option.value === old) ? old : editing ? 'document' : byId('who').value;
    suggest();
  };
  const suggest = () => {
    const certificate = certificates.find((one) => one.id === byId('who').value);
    if (certificate && certificate.things.length && !byId('client-id').value) {
      byId('client-id').value = certificate.things[0];
    }
  };
  byId('who').addEventListener('change', () => {
    byId('client-id').value = '';
    suggest();
  });
  const paintAction = () => {
    const connect = byId('action').value === 'Connect';
    byId('resource-label').textContent = RESOURCES[byId('action').value] || 'Topic';
    byId('resource').parentElement.hidden = connect;
    byId('resource').placeholder = byId('action').value === 'Subscribe' ? 'such as plant/+/state' : isThing() ? 'name of the thing' : 'such as plant/pump-7/state';
  };
  byId('action').addEventListener('change', paintAction);

  const because = (answer) => {
    const list = element('dl', { class: 'because' });
    const add = (name, ...content) => list.append(element('dt', {}, name), element('dd', {}, ...content));
    add('Asked for', element('code', {}, answer.action), ' on ', element('code', {}, answer.resource));
    for (const match of answer.matches) {
      add(
        match.effect === 'ALLOW' ? 'Allowed by' : 'Denied by',
        match.policy ? element('a', { href: 'policies?name=' + part(match.policy) }, match.policy) : 'the document above',
        `, statement ${match.statement}` + (match.sid ? ` (${match.sid})` : ''),
        element('pre', { class: 'pem mono' }, match.text)
      );
    }
    if (answer.variables.length) {
      add(
        'Variables in these policies',
        element('span', { class: 'tags' }, ...answer.variables.map((one) => element('span', { class: 'tag key' }, '${' + one.name + '} = ' + (one.values.length ? one.values.join(', ') : 'no value: matches nothing'))))
      );
    }
    return list;
  };

  byId('try').addEventListener('submit', async (event) => {
    event.preventDefault();
    const who = byId('who').value;
    const verdict = byId('verdict');
    verdict.replaceChildren();
    try {
      const answer = await send('POST', 'policy-try', {
        ...(who === 'document' ? { document: byId('document').value } : { certificate: who }),
        clientId: byId('client-id').value,
        action: byId('action').value,
        resource: byId('resource').value,
      });
      verdict.append(
        element(
          'p',
          { class: 'verdict ' + (answer.allowed ? 'yes' : 'no') },
          answer.allowed ? 'Yes, allowed' : 'No, refused',
          element('span', { class: 'why' }, answer.words)
        ),
        because(answer)
      );
    } catch (e) {
      verdict.append(element('p', { class: 'alert' }, e.message));
    }
  });

  byId('new-policy').hidden = !admin;
  byId('document').readOnly = !admin;
  paintAction();
  refresh()
    .then(() => (parameter('name') ? edit(parameter('name')) : null))
    .catch((e) => say(byId('result'), e.message));
})();
