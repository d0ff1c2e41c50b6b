'use strict';
// Certificates of devices: from a CSR, with a key, or of an authority of one's own.
(() => {
  const { element, may, say } = snaprail;
  const { get, send, byId, part, shortId, badge, status, button, cell, act, ask, confirmed, empty, parameter } = local;
  const admin = may('admin');
  let things = [];
  let policies = [];

  const day = (iso) => new Date(iso).toLocaleDateString();

  const download = (name, text) => {
    const link = element('a', { href: URL.createObjectURL(new Blob([text], { type: 'application/x-pem-file' })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  const use = [
    { name: 'active', label: 'Active at once', kind: 'check', value: true },
  ];
  const targets = () => [
    { name: 'thing', label: 'Thing', kind: 'select', options: [['', 'None yet'], ...things.map((one) => [one.name, one.name])] },
    { name: 'policy', label: 'Policy', kind: 'select', options: [['', 'None yet'], ...policies.map((one) => [one.name, one.name])] },
  ];

  const made = (answer) => [
    element('p', {}, 'Certificate ', element('code', {}, shortId(answer.id)), ' is there.'),
    element('pre', { class: 'pem', tabindex: '0' }, answer.pem),
    element(
      'div',
      { class: 'actionsrow' },
      element('button', { type: 'button', class: 'primary', id: 'download-certificate', onclick: () => download(answer.id + '-certificate.pem.crt', answer.pem) }, 'Download certificate'),
      ...(answer.privateKey
        ? [
            element('button', { type: 'button', class: 'primary', onclick: () => download(answer.id + '-private.pem.key', answer.privateKey) }, 'Download private key'),
            element('button', { type: 'button', onclick: () => download(answer.id + '-public.pem.key', answer.publicKey) }, 'Public key'),
          ]
        : []),
      element('a', { class: 'button', href: local.ROOT + 'endpoint/roots', download: 'local-endpoint-ca.pem' }, 'CA certificate')
    ),
    element('p', { class: 'hint' }, answer.privateKey ? 'The private key is shown only here: the endpoint keeps none.' : 'The key stays with whoever made the CSR.'),
  ];

  const sign = () =>
    ask({
      title: 'Certificate for a CSR',
      hint: 'Make key and CSR where the key is used; the console\'s own page Certificates does it for the gateway. The endpoint signs the CSR.',
      fields: [
        { name: 'csr', label: 'CSR', kind: 'text', file: true, placeholder: '-----BEGIN CERTIFICATE REQUEST-----' },
        ...targets(),
        ...use,
      ],
      button: 'Sign',
      send: async (values) => {
        const answer = await send('POST', 'certificates', values);
        await refresh();
        return made(answer);
      },
    });

  const keys = () =>
    ask({
      title: 'Key and certificate',
      hint: 'For devices that cannot make a key of their own. A CSR is better: then the key never travels.',
      fields: [...targets(), ...use],
      button: 'Make',
      send: async (values) => {
        const answer = await send('POST', 'certificates/keys', values);
        await refresh();
        return made(answer);
      },
    });

  const register = () =>
    ask({
      title: 'Register a certificate',
      hint: 'One that an authority of yours has signed. Without a registered authority it is taken as it is.',
      fields: [
        { name: 'pem', label: 'Certificate', kind: 'text', file: true, placeholder: '-----BEGIN CERTIFICATE-----' },
        { name: 'withoutAuthority', label: 'Take it without its authority', kind: 'check' },
        ...targets(),
        ...use,
      ],
      button: 'Register',
      send: async (values) => {
        const answer = await send('POST', 'certificates/register', values);
        await refresh();
        say(byId('result'), `Certificate ${shortId(answer.id)}: registered.`, 'good');
      },
    });

  const attach = (certificate, what, all, attached) => {
    const free = all.filter((one) => !attached.includes(one.name));
    ask({
      title: `Attach a ${what}`,
      hint: free.length ? null : `There is no other ${what}: create one first.`,
      big: false,
      fields: free.length ? [{ name: 'name', label: what === 'thing' ? 'Thing' : 'Policy', kind: 'select', options: free.map((one) => [one.name, one.name]) }] : [],
      button: free.length ? 'Attach' : 'OK',
      send: async ({ name }) => {
        if (name) {
          await send('POST', `certificates/${certificate.id}/${what === 'thing' ? 'things' : 'policies'}`, { name });
          await refresh();
        }
      },
    });
  };

  const later = (work, done) => act(byId('result'), work, done).then(refresh);

  const tags = (certificate, what, names, all, link) =>
    element(
      'span',
      { class: 'tags' },
      ...names.map((name) =>
        element(
          'span',
          { class: 'tag' },
          element('a', { href: link + part(name) }, name),
          ...(admin
            ? [
                element(
                  'button',
                  {
                    type: 'button',
                    'aria-label': `Detach ${name} from ${shortId(certificate.id)}`,
                    title: 'Detach ' + name,
                    onclick: () => later(() => send('DELETE', `certificates/${certificate.id}/${what}/${part(name)}`)),
                  },
                  '×'
                ),
              ]
            : [])
        )
      ),
      ...(admin
        ? [button('Attach', `Attach a ${what === 'things' ? 'thing' : 'policy'} to ${shortId(certificate.id)}`, () => attach(certificate, what === 'things' ? 'thing' : 'policy', all, names))]
        : [])
    );

  const setStatus = (certificate, wanted, done) =>
    later(() => send('PUT', `certificates/${certificate.id}/status`, { status: wanted }), done);

  const actions = (certificate) => {
    const id = shortId(certificate.id);
    const row = element(
      'div',
      { class: 'actionsrow end' },
      element('a', { class: 'button small', href: local.ROOT + `certificates/${certificate.id}/pem`, download: certificate.id + '-certificate.pem.crt', 'aria-label': 'Download certificate ' + id }, 'Download')
    );
    if (!admin) {
      return row;
    }
    if (certificate.status === 'ACTIVE') {
      row.append(button('Deactivate', 'Deactivate ' + id, () => setStatus(certificate, 'INACTIVE', `${id}: inactive. Whoever was connected with it is not any more.`)));
    } else if (certificate.status !== 'REVOKED') {
      row.append(button('Activate', 'Activate ' + id, () => setStatus(certificate, 'ACTIVE', `${id}: active.`)));
    }
    if (certificate.status === 'INACTIVE') {
      row.append(
        button('Revoke', 'Revoke ' + id, () =>
          confirmed(`Revoke ${id}?`, 'A revoked certificate never becomes active again.', 'Revoke', async () => {
            await send('PUT', `certificates/${certificate.id}/status`, { status: 'REVOKED' });
            await refresh();
          }), 'danger')
      );
    }
    if (certificate.status !== 'ACTIVE') {
      row.append(
        button('Delete', 'Delete ' + id, () =>
          confirmed(`Delete ${id}?`, 'Whoever has it can never connect with it again, unless it is registered anew.', 'Delete', async () => {
            await send('DELETE', 'certificates/' + certificate.id);
            await refresh();
          }), 'danger')
      );
    }
    return row;
  };

  const row = (certificate) =>
    element(
      'tr',
      { 'data-certificate': certificate.id, class: certificate.id === parameter('id') ? 'changed' : null },
      element('th', { scope: 'row' }, element('span', { class: 'point' }, certificate.subject), element('div', { class: 'hint idline', title: certificate.id }, shortId(certificate.id))),
      cell('State', status(certificate.status)),
      cell('Things', tags(certificate, 'things', certificate.things, things, 'shadows?thing=')),
      cell('Policies', tags(certificate, 'policies', certificate.policies, policies, 'policies?name=')),
      cell('Valid until', day(certificate.notAfter)),
      element('td', { class: 'write' }, actions(certificate))
    );

  const change = (authority, active, autoRegistration) =>
    later(() => send('PUT', 'authorities/' + authority.id, { active, autoRegistration }));

  const authorityRow = (authority) => {
    const id = authority.subject;
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, element('span', { class: 'point' }, id), element('div', { class: 'hint idline', title: authority.id }, shortId(authority.id))),
      cell('State', authority.active ? badge('good', 'Active') : badge('none', 'Inactive')),
      cell('First connect', authority.autoRegistration ? 'registers the certificate, to be activated' : 'is refused'),
      cell('Valid until', day(authority.notAfter)),
      element(
        'td',
        { class: 'write' },
        element(
          'div',
          { class: 'actionsrow end' },
          ...(admin
            ? [
                button(authority.active ? 'Deactivate' : 'Activate', (authority.active ? 'Deactivate ' : 'Activate ') + id, () => change(authority, !authority.active, authority.autoRegistration)),
                button(authority.autoRegistration ? 'Refuse unknown' : 'Register unknown', 'First connect of ' + id, () => change(authority, authority.active, !authority.autoRegistration)),
                ...(authority.active ? [] : [button('Delete', 'Delete ' + id, () => later(() => send('DELETE', 'authorities/' + authority.id)), 'danger')]),
              ]
            : [])
        )
      )
    );
  };

  const newAuthority = async () => {
    const answer = await act(byId('result'), () => send('POST', 'registration-code'));
    if (!answer) {
      return;
    }
    ask({
      title: 'Register an authority',
      hint: 'Prove that you hold its key: sign a certificate whose common name is this code. ' + answer.code,
      fields: [
        { name: 'pem', label: 'Certificate of the authority', kind: 'text', file: true, placeholder: '-----BEGIN CERTIFICATE-----' },
        { name: 'verification', label: 'Verification certificate', hint: 'CN = the code above; empty to do without', kind: 'text', file: true, placeholder: '-----BEGIN CERTIFICATE-----' },
        { name: 'autoRegistration', label: 'Register its certificates when they connect for the first time', kind: 'check', value: true },
      ],
      button: 'Register',
      send: async (values) => {
        await send('POST', 'authorities', values);
        await refresh();
        say(byId('result'), 'The authority is registered.', 'good');
      },
    });
  };

  const refresh = async () => {
    const [answer, allThings, allPolicies] = await Promise.all([get('certificates'), get('things'), get('policies')]);
    things = allThings.things;
    policies = allPolicies.policies;
    byId('rows').replaceChildren(...answer.certificates.map(row));
    byId('authorities').replaceChildren(...answer.authorities.map(authorityRow));
    empty(
      byId('empty'),
      answer.certificates.length,
      element('strong', {}, 'There is no certificate yet.'),
      admin ? 'Upload a CSR of a device, and download the certificate for it.' : 'An administrator can make one.'
    );
    empty(byId('no-authority'), answer.authorities.length, 'None. Most people do without: the endpoint signs CSRs itself.');
  };

  byId('sign').addEventListener('click', sign);
  byId('keys').addEventListener('click', keys);
  byId('register').addEventListener('click', register);
  byId('new-authority').addEventListener('click', newAuthority);
  for (const id of ['sign', 'keys', 'register', 'new-authority']) {
    byId(id).hidden = !admin;
  }
  refresh().catch((e) => say(byId('result'), e.message));
})();
