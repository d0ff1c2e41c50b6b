'use strict';
// Runs in pages of Felix Web Console, which know nothing of tokens: adds the session's token to
// whatever they send to this gateway. The token never becomes part of an address.
(() => {
  const HEADER = 'X-Snaprail-Csrf';
  const FIELD = '_csrf';
  const token = document.querySelector('meta[name="snaprail-csrf"]').content;
  // With these the gateway takes even a GET for a change.
  const CHANGING = ['post', 'apply', 'delete', 'create', 'unbind', 'action', 'shutdown_timer', 'shutdown_type'];
  const absolute = (url) => new URL(url, document.baseURI);
  const ours = (url) => absolute(url).origin === location.origin;
  const changes = (method) => !['GET', 'HEAD'].includes(String(method || 'GET').toUpperCase());
  const needsToken = (method, url) =>
    ours(url) && (changes(method) || CHANGING.some((name) => absolute(url).searchParams.has(name)));

  const open = XMLHttpRequest.prototype.open;
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    this.snaprailToken = needsToken(method, url);
    return open.call(this, method, url, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (this.snaprailToken) {
      this.setRequestHeader(HEADER, token);
    }
    return send.call(this, body);
  };

  const plainFetch = window.fetch;
  window.fetch = function (input, init) {
    const request = new Request(input, init);
    if (needsToken(request.method, request.url)) {
      request.headers.set(HEADER, token);
    }
    return plainFetch.call(window, request);
  };

  // A form with files cannot carry a header, so it is sent by fetch and its answer followed.
  const sendFiles = async (action, data) => {
    const response = await plainFetch.call(window, action, {
      method: 'POST',
      headers: { [HEADER]: token },
      body: data,
    });
    if (!response.ok) {
      alert(await response.text());
    } else if (response.redirected) {
      location.assign(response.url);
    } else {
      location.reload();
    }
  };

  // Returns whether the browser shall go on and send the form itself.
  const prepare = (form, submitter) => {
    const action = (submitter && submitter.getAttribute('formaction')) || form.getAttribute('action') || location.href;
    // Attributes, not properties: a field called "action" hides the form's own.
    if (!changes(form.getAttribute('method')) || !ours(action)) {
      return true;
    }
    if (form.getAttribute('enctype') === 'multipart/form-data') {
      const data = new FormData(form);
      if (submitter && submitter.name) {
        data.append(submitter.name, submitter.value);
      }
      sendFiles(action, data).catch((e) => alert('The gateway does not answer: ' + e.message));
      return false;
    }
    let field = form.querySelector(`input[name="${FIELD}"]`);
    if (!field) {
      field = document.createElement('input');
      field.type = 'hidden';
      field.name = FIELD;
      form.append(field);
    }
    field.value = token;
    return true;
  };

  addEventListener('submit', (event) => {
    if (!event.defaultPrevented && !prepare(event.target, event.submitter)) {
      event.preventDefault();
    }
  });

  const submit = HTMLFormElement.prototype.submit;
  HTMLFormElement.prototype.submit = function () {
    if (prepare(this, null)) {
      submit.call(this);
    }
  };

  // Felix's link to log out is a GET, which logs nobody out here.
  addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest('a[href]');
    if (link && ours(link.href) && absolute(link.href).pathname.endsWith('/logout')) {
      event.preventDefault();
      const form = document.createElement('form');
      form.method = 'post';
      form.action = '/logout';
      document.body.append(form);
      form.submit();
    }
  });
})();
