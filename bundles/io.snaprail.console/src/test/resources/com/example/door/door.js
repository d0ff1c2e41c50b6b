'use strict';
(() => {
  const { call, look, poll, may, say, setText } = snaprail;
  const byId = (id) => document.getElementById(id);
  const refresh = poll(2000, async () => {
    const { locked } = await look('/api/v1/ext/door/state');
    setText(byId('state'), locked ? 'locked' : 'unlocked');
  });
  byId('unlock').disabled = !may('operator');
  byId('unlock').addEventListener('click', () =>
    call('POST', '/api/v1/ext/door/unlock').then(refresh, (e) => say(byId('result'), e.message)));
})();
