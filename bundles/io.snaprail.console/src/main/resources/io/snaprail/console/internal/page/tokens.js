'use strict';
// Access tokens: list, make, revoke. Secrets: save and remove, never shown.
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

  const told = (text, good) => {
    byId('keep-result').textContent = text;
    byId('keep-result').className = 'alert ' + (good ? 'good' : 'bad');
  };

  const secret = async (method, body, done) => {
    const name = byId('secret-name').value.trim();
    if (!name) {
      told('The secret needs a name.', false);
      return;
    }
    try {
      await call(method, '/api/v1/secrets/' + encodeURIComponent(name), body);
      byId('secret-value').value = '';
      told(`"${name}" ${done}.`, true);
    } catch (e) {
      told(e.message, false);
    }
  };

  byId('keep').addEventListener('submit', (event) => {
    event.preventDefault();
    secret('PUT', { secret: byId('secret-value').value }, 'is saved');
  });

  byId('forget').addEventListener('click', () => {
    const name = byId('secret-name').value.trim();
    if (!name || confirm(`Remove the secret "${name}"? What uses it cannot log in any more.`)) {
      secret('DELETE', undefined, 'is removed');
    }
  });

  list().catch((e) => say(e.message));
})();
