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

  const isQuarantined = (read) => read.spans.every((span) => span.use === 'QUARANTINED');

  // Reads that lie near each other share a row, so that what is left out between them is seen.
  const NEAR = 24;
  const LEAST_ROW = 64;
  const rowsOf = (reads) => {
    const room = Math.max(LEAST_ROW, ...reads.map((read) => read.count));
    const rows = [];
    for (const read of [...reads].sort((a, b) => a.start - b.start)) {
      const row = rows[rows.length - 1];
      const end = read.start + read.count;
      if (row && read.start >= row.end && read.start - row.end <= NEAR && end - row.start <= room) {
        row.reads.push(read);
        row.end = end;
      } else {
        rows.push({ area: read.area, start: read.start, end, reads: [read] });
      }
    }
    return rows;
  };

  const ticks = (row, widest) => {
    const size = step(widest);
    const node = element('div', { class: 'ticks', 'aria-hidden': 'true' });
    for (let at = row.start; at < row.end; at = (Math.floor(at / size) + 1) * size) {
      if (at > row.start && (at - row.start) / widest < 0.045) {
        continue; // would be written over the first
      }
      const tick = element('span', {}, String(at));
      tick.style.left = ((at - row.start) / (row.end - row.start)) * 100 + '%';
      node.append(tick);
    }
    return node;
  };

  const spanNode = (read, span, caption) => {
    const text = words(read.area, span);
    const node = element(
      'li',
      { class: 'span ' + USES[span.use][0], tabindex: '-1', title: text, 'aria-label': text },
      element('span', { 'aria-hidden': 'true' }, span.label)
    );
    node.style.flexGrow = span.count;
    const show = () => {
      caption.textContent = text;
    };
    node.addEventListener('focus', show);
    node.addEventListener('pointerenter', show);
    node.addEventListener('click', () => node.focus());
    return node;
  };

  const bar = (read, caption) => {
    const what = isQuarantined(read) ? 'Left out: ' : 'One request: ';
    const node = element('ol', { class: 'bar', 'aria-label': what + range(read.area, read.start, read.count) });
    node.append(...read.spans.map((span) => spanNode(read, span, caption)));
    node.style.flexGrow = read.count;
    return node;
  };

  const about = (row) => {
    const left = row.reads.filter(isQuarantined).length;
    const requests = row.reads.length - left;
    return (
      (requests ? ` ${requests === 1 ? 'one request' : requests + ' requests'}` : '') +
      (left ? `${requests ? ',' : ''} ${left} left out for now` : '')
    );
  };

  const rowNode = (row, widest) => {
    const caption = element('p', { class: 'caption', 'aria-hidden': 'true' }); // the part itself is read out
    const bars = element('div', { class: 'bars' });
    let end = row.start;
    for (const read of row.reads) {
      if (read.start > end) {
        const gap = element('i', {});
        gap.style.flexGrow = read.start - end;
        bars.append(gap);
      }
      bars.append(bar(read, caption));
      end = read.start + read.count;
    }
    const spans = [...bars.querySelectorAll('.span')];
    spans[0].tabIndex = 0;
    bars.addEventListener('keydown', (event) => {
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
    const scale = ticks(row, widest);
    bars.style.width = scale.style.width = ((row.end - row.start) / widest) * 100 + '%';
    return element(
      'div',
      { class: 'read' },
      element('h3', {}, range(row.area, row.start, row.end - row.start), element('span', { class: 'hint' }, about(row))),
      bars,
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
    const areas = [...new Set(reads.map((read) => read.area))];
    const rows = areas.flatMap((area) => {
      const own = rowsOf(reads.filter((read) => read.area === area));
      const widest = Math.max(...own.map((row) => row.end - row.start));
      return own.map((row) => rowNode(row, widest));
    });
    into.replaceChildren(legend(reads), ...rows);
  };
})();
