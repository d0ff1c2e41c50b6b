'use strict';
// Access tokens: list, make, revoke.
(() => {
  const { element, call, time } = snaprail;
  const byId = (id) => document.getElementById(id);

  const say = (text) => {
    byId('make-result').textContent = text;
    byId('make-result').className = 'alert ' + (text ? 'bad' : '');
  };

  const revoke = async (name) => {
    if (!confirm(`Revoke "${name}"? Scripts that use it are refused from now on.`)) {
      return;
    }
    try {
      await call('DELETE', '/api/v1/tokens/' + encodeURIComponent(name));
      say('');
    } catch (e) {
      say(e.message);
    }
    await list();
  };

  const row = (token) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, token.name),
      element('td', {}, token.role.toLowerCase()),
      element('td', {}, time(token.created)),
      element('td', {}, token.creator),
      element('td', {}, token.lastUsed ? time(token.lastUsed) : 'never'),
      element(
        'td',
        { class: 'write' },
        element(
          'button',
          { type: 'button', class: 'small danger', 'aria-label': 'Revoke ' + token.name, onclick: () => revoke(token.name) },
          'Revoke'
        )
      )
    );

  const list = async () => {
    const { tokens } = await call('GET', '/api/v1/tokens');
    byId('tokens').replaceChildren(...tokens.map(row));
    byId('empty').hidden = tokens.length > 0;
  };

  byId('make').addEventListener('submit', async (event) => {
    event.preventDefault();
    byId('made').hidden = true;
    try {
      const made = await call('POST', '/api/v1/tokens', {
        name: byId('token-name').value.trim(),
        role: byId('token-role').value,
      });
      say('');
      byId('made-token').textContent = made.token;
      byId('made').hidden = false;
      byId('token-name').value = '';
    } catch (e) {
      say(e.message);
    }
    await list();
  });

  byId('copy').addEventListener('click', async () => {
    await navigator.clipboard.writeText(byId('made-token').textContent);
    byId('copy').textContent = 'Copied';
  });

  list().catch((e) => say(e.message));
})();
