'use strict';
// The picture of what is read together: a bar a read, to scale, with points, holes and quarantined
// addresses. Told apart by colour and by pattern.
(() => {
  const { element } = snaprail;
  const USES = {
    POINT: ['point', 'point', 'Points'],
    HOLE: ['hole', 'hole, read along', 'Holes: read along to spare another request'],
    QUARANTINED: ['quarantined', 'quarantined', 'Quarantined: the device refuses them'],
  };

  const range = (area, start, count) =>
    `${area} ${start}` + (count > 1 ? `–${start + count - 1}` : '');

  const words = (area, span) => {
    const use = USES[span.use][1];
    const what = span.label ? `${span.label} (${use})` : use;
    return `${range(area, span.start, span.count)}: ${what}`;
  };

  // Steps that people count in, so that some ten ticks fit.
  const step = (count) => {
    for (const size of [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500]) {
      if (count / size <= 10) {
        return size;
      }
    }
    return 1000;
  };

  const ticks = (read, widest) => {
    const size = step(widest);
    const row = element('div', { class: 'ticks', 'aria-hidden': 'true' });
    const end = read.start + read.count;
    for (let at = read.start; at < end; at = (Math.floor(at / size) + 1) * size) {
      if (at > read.start && (at - read.start) / widest < 0.045) {
        continue; // would be written over the first
      }
      const tick = element('span', {}, String(at));
      tick.style.left = ((at - read.start) / read.count) * 100 + '%';
      row.append(tick);
    }
    return row;
  };

  const bar = (read, widest, index) => {
    const caption = element('p', { class: 'caption', 'aria-hidden': 'true' }); // the part itself is read out
    const spans = read.spans.map((span) => {
      const node = element(
        'li',
        { class: 'span ' + USES[span.use][0], tabindex: '-1', title: words(read.area, span), 'aria-label': words(read.area, span) },
        element('span', { 'aria-hidden': 'true' }, span.label)
      );
      node.style.flexGrow = span.count;
      const show = () => {
        caption.textContent = words(read.area, span);
      };
      node.addEventListener('focus', show);
      node.addEventListener('pointerenter', show);
      node.addEventListener('click', () => node.focus());
      return node;
    });
    const list = element('ol', { class: 'bar', 'aria-label': `Request ${index + 1}: ${range(read.area, read.start, read.count)}` }, ...spans);
    list.style.width = (read.count / widest) * 100 + '%';
    if (spans.length) {
      spans[0].tabIndex = 0;
    }
    list.addEventListener('keydown', (event) => {
      const at = spans.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: spans.length - 1 }[event.key];
      if (to === undefined || !spans[to]) {
        return;
      }
      event.preventDefault();
      spans[at].tabIndex = -1;
      spans[to].tabIndex = 0;
      spans[to].focus();
    });
    const scale = ticks(read, widest);
    scale.style.width = list.style.width;
    return element(
      'div',
      { class: 'read' },
      element(
        'h3',
        {},
        range(read.area, read.start, read.count),
        element('span', { class: 'hint' }, ` ${read.count} ${read.count === 1 ? 'address' : 'addresses'} in one request`)
      ),
      list,
      scale,
      caption
    );
  };

  const legend = (reads) => {
    const used = new Set(reads.flatMap((read) => read.spans.map((span) => span.use)));
    return element(
      'ul',
      { class: 'legend', 'aria-label': 'Legend' },
      ...Object.entries(USES)
        .filter(([use]) => used.has(use))
        .map(([, [kind, , text]]) => element('li', {}, element('i', { class: 'span ' + kind, 'aria-hidden': 'true' }), text))
    );
  };

  let drawn = '';

  // Draws again only what has changed, so that nobody loses the place they are at.
  snaprail.picture = (into, reads) => {
    const data = JSON.stringify(reads);
    if (data === drawn) {
      return;
    }
    drawn = data;
    const widest = {};
    for (const read of reads) {
      widest[read.area] = Math.max(widest[read.area] || 1, read.count);
    }
    into.replaceChildren(legend(reads), ...reads.map((read, i) => bar(read, widest[read.area], i)));
  };
})();
