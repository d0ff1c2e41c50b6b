'use strict';
// Jobs and how far each thing is with them.
(() => {
  const { element, may, poll, time } = snaprail;
  const { get, send, byId, part, badge, button, cell, act, ask, confirmed, empty, parameter } = local;
  const operator = may('operator');
  let watched = parameter('id');
  let seen = '';

  const STATES = {
    QUEUED: ['none', 'Queued'],
    IN_PROGRESS: ['uncertain', 'In progress'],
    SUCCEEDED: ['good', 'Succeeded'],
    FAILED: ['bad', 'Failed'],
    TIMED_OUT: ['bad', 'Timed out'],
    REJECTED: ['bad', 'Rejected'],
    REMOVED: ['none', 'Removed'],
    CANCELED: ['none', 'Cancelled'],
    COMPLETED: ['good', 'Completed'],
  };
  const state = (name) => badge(...(STATES[name] || ['none', name]));

  const progress = (states) =>
    element(
      'span',
      { class: 'tags' },
      ...Object.entries(states).map(([name, count]) => element('span', { class: 'q q-' + (STATES[name] || ['none'])[0] }, `${count} ${(STATES[name] || ['', name])[1].toLowerCase()}`))
    );

  const cancel = (job) =>
    ask({
      title: `Cancel ${job.id}?`,
      hint: 'Things that have not begun never get it.',
      big: false,
      danger: true,
      fields: [{ name: 'force', label: 'Also where it is in progress', kind: 'check' }],
      button: 'Cancel the job',
      send: async ({ force }) => {
        await send('POST', `jobs/${part(job.id)}/cancel`, { force });
        await refresh();
      },
    });

  const remove = (job) =>
    confirmed(`Delete ${job.id}?`, 'What is known of its executions is gone, too.', 'Delete', async () => {
      await send('DELETE', 'jobs/' + part(job.id));
      if (watched === job.id) {
        watch('');
      }
      await refresh();
    });

  const row = (job) =>
    element(
      'tr',
      { 'data-job': job.id },
      element('th', { scope: 'row' }, element('span', { class: 'point' }, job.id), element('div', { class: 'hint' }, job.description)),
      cell('State', state(job.status)),
      cell('For', [...job.things, ...job.groups.map((name) => 'group ' + name)].join(', ') + (job.continuous ? ', and whoever joins' : '')),
      cell('Progress', progress(job.states)),
      cell('Created', time(job.created)),
      element(
        'td',
        { class: 'write' },
        element(
          'div',
          { class: 'actionsrow end' },
          button('Watch', 'Watch ' + job.id, () => watch(job.id)),
          ...(operator
            ? [
                ...(job.status === 'IN_PROGRESS' ? [button('Cancel', 'Cancel ' + job.id, () => cancel(job))] : []),
                button('Delete', 'Delete ' + job.id, () => remove(job), 'danger'),
              ]
            : [])
        )
      )
    );

  const OPEN = ['QUEUED', 'IN_PROGRESS'];
  const executionRow = (one) =>
    element(
      'tr',
      { 'data-thing': one.thing },
      element('th', { scope: 'row', class: 'point' }, one.thing),
      cell('State', state(one.status)),
      cell('Details', element('span', { class: 'tags' }, ...Object.entries(one.details).map(([key, value]) => element('span', { class: 'tag' }, `${key} = ${value}`)))),
      cell('Updated', time(one.updated)),
      element(
        'td',
        { class: 'write' },
        ...(operator && OPEN.includes(one.status)
          ? [
              button('Cancel', 'Cancel on ' + one.thing, () =>
                act(byId('result'), () => send('POST', `jobs/${part(watched)}/executions/${part(one.thing)}/cancel`, { force: true })).then(refresh)
              ),
            ]
          : [])
      )
    );

  const watch = (id) => {
    watched = id;
    history.replaceState(null, '', id ? '?id=' + part(id) : location.pathname);
    byId('watch').hidden = !id;
    seen = '';
    refresh().then(() => id && byId('watch').scrollIntoView({ block: 'nearest', behavior: 'smooth' }));
  };
  byId('close').addEventListener('click', () => watch(''));

  const refresh = async () => {
    const { jobs } = await get('jobs');
    const known = jobs.some((job) => job.id === watched);
    const job = known ? await get('jobs/' + part(watched)) : null;
    const now = JSON.stringify([jobs, job]);
    if (now === seen) {
      return;
    }
    seen = now;
    byId('rows').replaceChildren(...jobs.map(row).reverse());
    byId('watch').hidden = !job;
    if (job) {
      byId('watch-title').textContent = job.id;
      byId('executions').replaceChildren(...job.executions.map(executionRow));
      byId('document').textContent = JSON.stringify(JSON.parse(job.document), null, 2);
    }
    empty(
      byId('empty'),
      jobs.length,
      element('strong', {}, 'There is no job yet.'),
      operator ? 'Create one for a thing or a group: things that listen for jobs begin at once, others when they come.' : 'An operator can create one.'
    );
  };

  byId('new-job').hidden = !operator;
  byId('new-job').addEventListener('click', async () => {
    const all = await act(byId('result'), () => get('things'));
    if (!all) {
      return;
    }
    const targets = [
      ...all.things.map((one) => ['thing ' + one.name, one.name]),
      ...all.groups.map((one) => ['group ' + one.name, `Group ${one.name} (${one.things.length})`]),
    ];
    ask({
      title: 'Create job',
      hint: targets.length ? null : 'A job is for things: create a thing first.',
      fields: [
        { name: 'id', label: 'Name', maxlength: 64, placeholder: 'such as update-1-4-2' },
        { name: 'target', label: 'For', kind: 'select', options: targets },
        { name: 'continuous', label: 'Also for things that join the group later', kind: 'check' },
        { name: 'document', label: 'Document', hint: 'JSON, what things get', kind: 'text', file: true, value: '{\n  "operation": "restart"\n}' },
        { name: 'description', label: 'Description' },
        { name: 'timeout', label: 'Minutes that it may take', hint: '1 to 10080; empty for any time' },
      ],
      button: 'Create',
      send: async (values) => {
        const [kind, ...name] = values.target.split(' ');
        const minutes = values.timeout === '' ? 0 : Number(values.timeout);
        if (!Number.isInteger(minutes)) {
          throw new Error('The minutes must be a whole number.');
        }
        await send('POST', 'jobs', {
          id: values.id,
          [kind]: name.join(' '),
          continuous: kind === 'group' && values.continuous,
          document: values.document,
          description: values.description,
          timeoutMinutes: minutes,
        });
        watch(values.id);
      },
    });
  });
  poll(1500, refresh);
})();
