'use strict';
// Counts down how long further attempts are refused.
(() => {
  const message = document.getElementById('message');
  const submit = document.getElementById('submit');
  let left = Number(message.dataset.wait);
  if (!left) {
    return;
  }
  const text = submit.textContent;
  const end = performance.now() + left * 1000;
  submit.disabled = true;
  const tick = () => {
    left = Math.ceil((end - performance.now()) / 1000);
    if (left <= 0) {
      submit.disabled = false;
      submit.textContent = text;
      return;
    }
    const minutes = Math.floor(left / 60);
    submit.textContent = 'Wait ' + (minutes ? minutes + ' min ' : '') + (left % 60) + ' s';
    setTimeout(tick, 250);
  };
  tick();
})();
