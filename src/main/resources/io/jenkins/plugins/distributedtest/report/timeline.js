/*
 * The timeline: a lane for every slot, a bar for every attempt, drawn on a canvas so that tens of thousands stay fast.
 * Pointer and keyboard reach every bar; what is reached is told beside it and to screen readers. The table of files
 * has the same facts as text.
 */
(function () {
  'use strict';
  const { el, seconds, workerName, KINDS, plural } = window.distributedTest;

  const AXIS = 38;
  const PLAIN_COLORS = ['text', 'muted', 'line', 'track', 'surface', 'accent', 'mark'];
  const BAR_COLORS = ['passed', 'flaky', 'failed', 'timed_out', 'crashed', 'cancelled', 'lost', 'running'];
  const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
    1800, 3600, 7200, 14400, 43200, 86400];

  /** The bar of what runs now: it ends now, and is expected to go on until `expectedEnd` (null where nothing is known). */
  function runningBar(data, file) {
    const start = file.running.start_offset;
    const end = Math.max(start, data.wall_seconds);
    const attempt = { status: 'running', worker: file.running.worker, start_offset: start, seconds: end - start };
    return { file, attempt, index: file.attempts.length, start, end, kind: 'running',
      expectedEnd: file.expected_seconds ? Math.max(end, start + file.expected_seconds) : null };
  }

  /** Lanes of all slots, by host, listener and slot, each with its bars in order of time. */
  function lanesOf(data) {
    const lanes = new Map();
    const lane = (worker, listener) => {
      const key = worker.listener + '\n' + worker.slot;
      if (!lanes.has(key)) {
        lanes.set(key, { worker, bars: [], from: listener ? listener.joined_offset : null,
          to: listener ? listener.left_offset : null });
      }
      return lanes.get(key);
    };
    for (const listener of data.listeners) {
      for (let slot = 1; listener.joined_offset !== null && slot <= listener.slots; slot++) {
        lane({ listener: listener.listener, host: listener.host, slot }, listener);
      }
    }
    for (const file of data.files) {
      file.attempts.forEach((attempt, index) => {
        const flaky = file.outcome === 'flaky' && index === file.attempts.length - 1;
        lane(attempt.worker).bars.push({ file, attempt, index, start: attempt.start_offset,
          end: attempt.start_offset + attempt.seconds, kind: flaky ? 'flaky' : attempt.status });
      });
      if (file.running) {
        lane(file.running.worker).bars.push(runningBar(data, file));
      }
    }
    const all = [...lanes.values()];
    all.forEach((one) => one.bars.sort((a, b) => a.start - b.start));
    const text = (one) => one.worker.host + '\n' + one.worker.listener;
    return all.sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : a.worker.slot - b.worker.slot));
  }

  /** Colors come from the style sheet, so they follow light, dark and print. */
  function palette(element) {
    // A variable may hold a function of other colors; only as the color of an element it becomes one that a canvas takes.
    const probes = PLAIN_COLORS.concat(BAR_COLORS.map((kind) => 'bar-' + kind)).map((name) => {
      const probe = el('span', {});
      probe.style.color = 'var(--dt-' + name + ')';
      return probe;
    });
    const holder = el('span', { class: 'dt-probes', hidden: true }, probes);
    element.append(holder);
    const values = probes.map((probe) => getComputedStyle(probe).color);
    holder.remove();
    return Object.fromEntries(PLAIN_COLORS.concat(BAR_COLORS).map((name, index) => [name, values[index]]));
  }

  /** Patterns that tell the kinds apart without color: stripes, dots, crossed stripes, a solid block. */
  function fills(context, colors) {
    const pattern = (kind, draw) => {
      const tile = document.createElement('canvas');
      tile.width = tile.height = 8;
      const on = tile.getContext('2d');
      on.fillStyle = colors[kind];
      on.fillRect(0, 0, 8, 8);
      on.strokeStyle = on.fillStyle = colors.mark;
      on.lineWidth = 1.6;
      draw(on);
      return context.createPattern(tile, 'repeat');
    };
    const lines = (on, ...ends) => {
      on.beginPath();
      ends.forEach(([x, y, toX, toY]) => { on.moveTo(x, y); on.lineTo(toX, toY); });
      on.stroke();
    };
    const rising = [[-2, 2, 2, -2], [-1, 9, 9, -1], [6, 10, 10, 6]];
    const falling = [[-2, 6, 2, 10], [-1, -1, 9, 9], [6, -2, 10, 2]];
    return {
      passed: colors.passed,
      cancelled: colors.cancelled,
      running: colors.running,
      lost: pattern('lost', (on) => lines(on, [2, 0, 2, 8])),
      failed: pattern('failed', (on) => lines(on, ...rising)),
      timed_out: pattern('timed_out', (on) => lines(on, ...rising, ...falling)),
      crashed: pattern('crashed', (on) => lines(on, [0, 2, 8, 2], [0, 6, 8, 6])),
      flaky: pattern('flaky', (on) => { on.beginPath(); on.arc(4, 4, 1.6, 0, 7); on.fill(); }),
    };
  }

  function axisStep(span, width) {
    const least = (span * 90) / Math.max(width, 1);
    return STEPS.find((step) => step >= least) || STEPS[STEPS.length - 1];
  }

  function tick(value, step) {
    if (step < 1) {
      return value.toFixed(step < 0.01 ? 3 : step < 0.1 ? 2 : 1) + ' s';
    }
    const whole = Math.round(value);
    const two = (number) => String(number).padStart(2, '0');
    if (whole < 60) {
      return whole + ' s';
    }
    return whole < 3600
      ? Math.floor(whole / 60) + ':' + two(whole % 60)
      : Math.floor(whole / 3600) + ':' + two(Math.floor((whole % 3600) / 60)) + ':' + two(whole % 60);
  }

  /**
   * Makes the timeline.
   * @param data the run
   * @param onOpen called with a file that is to be shown in the table
   * @param signal ends all listening outside of the elements made here
   */
  function timeline(data, onOpen, signal) {
    let lanes;
    let total;
    let lane;
    let height;
    const canvas = el('canvas', { class: 'dt-canvas', tabindex: '0', role: 'img', 'aria-describedby': 'dt-timeline-help' });
    const tip = el('div', { class: 'dt-tip', hidden: true });
    const spoken = el('div', { class: 'dt-spoken', role: 'status' });
    const frame = el('div', { class: 'dt-canvas-frame' }, canvas, tip);
    let view;
    let chosen = null;
    let drag = null;
    let width = 0;
    let gutter = 168;
    let pending = false;

    function take(newer) {
      data = newer;
      lanes = lanesOf(data);
      total = Math.max(data.wall_seconds, 0.001, ...lanes.map((one) => {
        const last = one.bars[one.bars.length - 1];
        return last ? last.expectedEnd || last.end : 0;
      }));
      lane = lanes.length <= 24 ? 24 : lanes.length <= 80 ? 16 : 9;
      height = AXIS + lanes.length * lane + 6;
      canvas.style.height = height + 'px';
      canvas.setAttribute('aria-label', 'Timeline of ' + plural(lanes.length, 'slot') + ' over ' + seconds(data.wall_seconds));
    }

    /** Shows newer data: as much of it as before, or all where all was shown; what is told about stays told about. */
    function update(newer) {
      const whole = view.from === 0 && view.to === total;
      const told = chosen && chosen.bar;
      take(newer);
      if (whole) {
        view = { from: 0, to: total };
      }
      const one = told ? lanes.find((each) => each.worker.listener === told.attempt.worker.listener
        && each.worker.slot === told.attempt.worker.slot) : null;
      const bar = one ? one.bars.find((each) => each.file.path === told.file.path && each.index === told.index) : null;
      chosen = bar ? { lane: one, bar } : null;
      tip.hidden = !bar;
      redraw();
    }

    const plot = () => Math.max(10, width - gutter - 12);
    const x = (time) => gutter + ((time - view.from) / (view.to - view.from)) * plot();
    const time = (at) => view.from + ((at - gutter) / plot()) * (view.to - view.from);

    function draw() {
      pending = false;
      width = frame.clientWidth;
      gutter = width < 560 ? 92 : 168; // of a narrow window names get less
      const ratio = window.devicePixelRatio || 1;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      const context = canvas.getContext('2d');
      context.scale(ratio, ratio);
      const colors = palette(frame);
      context.font = '12px ' + getComputedStyle(frame).fontFamily;
      context.textBaseline = 'middle';
      drawAxis(context, colors);
      context.save();
      context.beginPath();
      context.rect(gutter, 0, plot() + 1, height);
      context.clip();
      const kinds = fills(context, colors);
      lanes.forEach((one, row) => drawLane(context, colors, kinds, one, AXIS + row * lane));
      drawBound(context, colors);
      context.restore();
      drawLabels(context, colors);
      if (drag && drag.moved) {
        context.fillStyle = colors.accent;
        context.globalAlpha = 0.18;
        context.fillRect(Math.min(drag.start, drag.end), AXIS, Math.abs(drag.end - drag.start), height - AXIS);
        context.globalAlpha = 1;
      }
    }

    function drawAxis(context, colors) {
      const step = axisStep(view.to - view.from, plot());
      context.textAlign = 'center';
      for (let at = Math.ceil(view.from / step) * step; at <= view.to + step / 1000; at += step) {
        const left = Math.round(x(at)) + 0.5;
        context.strokeStyle = colors.line;
        context.beginPath();
        context.moveTo(left, AXIS - 3);
        context.lineTo(left, height);
        context.stroke();
        context.fillStyle = colors.muted;
        context.textAlign = left > gutter + plot() - 20 ? 'right' : 'center';
        context.fillText(tick(at, step), left, 11);
      }
    }

    function drawLane(context, colors, kinds, one, top) {
      const inner = lane - (lane > 12 ? 4 : 2);
      const from = one.from === null ? 0 : one.from;
      const to = one.to === null ? total : one.to;
      context.fillStyle = colors.track;
      context.fillRect(x(from), top + 1, Math.max(0, x(to) - x(from)), inner);
      let drawnTo = -1;
      for (const bar of one.bars) {
        const left = x(bar.start);
        const right = x(bar.end);
        // Of the many that share a pixel the first good one is enough; a bad one is always drawn.
        if (right < gutter || left > gutter + plot() || (right <= drawnTo && bar.kind === 'passed')) {
          continue;
        }
        const wide = Math.max(right - left - (right - left > 3 ? 1 : 0), bar.kind === 'passed' ? 1 : 3);
        context.fillStyle = kinds[bar.kind];
        context.fillRect(left, top + 1, wide, inner);
        drawnTo = left + wide;
        if (bar.expectedEnd > bar.end) {
          drawExpected(context, colors, right, x(bar.expectedEnd), top + 1, inner);
        }
        if (wide > 70 && lane > 20) {
          drawName(context, colors, bar, left, wide, top + 1 + inner / 2);
        }
      }
      if (chosen && chosen.lane === one) {
        context.strokeStyle = colors.text;
        context.lineWidth = 2;
        context.strokeRect(x(chosen.bar.start), top + 1, Math.max(3, x(chosen.bar.end) - x(chosen.bar.start)), inner);
        context.lineWidth = 1;
      }
    }

    /** What is still to come of a running file, as far as its recorded time tells. */
    function drawExpected(context, colors, left, right, top, inner) {
      context.strokeStyle = colors.running;
      context.setLineDash([3, 2]);
      context.strokeRect(left, top + 0.5, Math.max(1, right - left - 0.5), inner - 1);
      context.setLineDash([]);
    }

    function drawName(context, colors, bar, left, wide, middle) {
      const name = bar.file.path.slice(bar.file.path.lastIndexOf('/') + 1);
      const from = Math.max(left, gutter);
      const room = Math.floor((left + wide - from - 12) / 6.6);
      if (room < 6 || (bar.kind !== 'passed' && bar.kind !== 'running')) {
        return; // a name on stripes cannot be read
      }
      context.textAlign = 'left';
      context.fillStyle = colors.mark;
      context.fillText(name.length > room ? name.slice(0, room - 1) + '\u2026' : name, from + 6, middle + 0.5);
    }

    function drawBound(context, colors) {
      if (!(data.wall_time.lower_bound_seconds > 0) || data.end === 'running') {
        return; // nothing ran to an end, or more is to come
      }
      const at = Math.round(x(data.wall_time.lower_bound_seconds)) + 0.5;
      context.beginPath();
      context.moveTo(at, AXIS - 5);
      context.lineTo(at, height);
      context.strokeStyle = colors.surface;
      context.lineWidth = 5;
      context.stroke();
      context.strokeStyle = colors.accent;
      context.lineWidth = 2;
      context.setLineDash([5, 3]);
      context.stroke();
      context.setLineDash([]);
      context.lineWidth = 1;
      context.fillStyle = colors.accent;
      const right = at > gutter + plot() - 50;
      context.textAlign = right ? 'right' : at < gutter + 50 ? 'left' : 'center';
      context.fillText('lower bound', at, AXIS - 13);
    }

    function drawLabels(context, colors) {
      context.textAlign = 'left';
      let above = null;
      lanes.forEach((one, row) => {
        const middle = AXIS + row * lane + lane / 2 - 1;
        const name = one.worker.host + '/' + one.worker.listener.slice(0, 8);
        if (name !== above) {
          context.fillStyle = colors.text;
          const room = gutter < 100 ? 8 : 19;
          context.fillText(name.length > room ? name.slice(0, room - 1) + '\u2026' : name, 2, middle);
          if (row > 0) {
            context.strokeStyle = colors.line;
            context.beginPath();
            context.moveTo(0, AXIS + row * lane - 0.5);
            context.lineTo(width, AXIS + row * lane - 0.5);
            context.stroke();
          }
        }
        above = name;
        if (lane > 12) {
          context.textAlign = 'right';
          context.fillStyle = colors.muted;
          context.fillText('#' + one.worker.slot, gutter - 10, middle);
          context.textAlign = 'left';
        }
      });
    }

    function redraw() {
      if (!pending) {
        pending = true;
        window.requestAnimationFrame(draw);
      }
    }

    /** The bar at a time in a lane, or the one so near that the pointer means it. */
    function find(one, at) {
      let low = 0;
      let high = one.bars.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (one.bars[middle].start <= at) { low = middle; } else { high = middle - 1; }
      }
      const near = (3 / plot()) * (view.to - view.from);
      return one.bars.slice(Math.max(0, low - 1), low + 2)
        .find((bar) => bar.start - near <= at && at <= bar.end + near) || null;
    }

    function describe(bar) {
      const expected = bar.file.expected_seconds ? ', expected ' + seconds(bar.file.expected_seconds) : '';
      if (bar.kind === 'running') {
        return [bar.file.path, 'running for ' + seconds(bar.attempt.seconds)
          + (bar.expectedEnd ? ', expected to take ' + seconds(bar.file.expected_seconds) : ''),
        'on ' + workerName(bar.attempt.worker) + ' since ' + seconds(bar.start)];
      }
      const nth = bar.file.attempts.length > 1 ? ', attempt ' + (bar.index + 1) + ' of ' + bar.file.attempts.length : '';
      return [bar.file.path, KINDS[bar.kind].word + ' in ' + seconds(bar.attempt.seconds) + expected + nth,
        'on ' + workerName(bar.attempt.worker) + ' from ' + seconds(bar.start) + ' to ' + seconds(bar.end)];
    }

    function choose(one, bar, speak) {
      chosen = bar ? { lane: one, bar } : null;
      tip.hidden = !bar;
      canvas.classList.toggle('dt-over', Boolean(bar));
      if (bar) {
        const words = describe(bar);
        tip.replaceChildren(el('strong', { text: words[0] }), el('span', { text: words[1] }),
          el('span', { class: 'dt-muted', text: words[2] }));
        spoken.textContent = speak ? words.join(', ') : '';
        const left = Math.min(Math.max(x(bar.start), gutter), width - tip.offsetWidth - 8);
        const row = lanes.indexOf(one);
        const below = AXIS + (row + 1) * lane + 4;
        const above = AXIS + row * lane - tip.offsetHeight - 4;
        const top = below + tip.offsetHeight > height && above > 0 ? above : below;
        tip.style.left = Math.max(0, left) + 'px';
        tip.style.top = top + 'px';
      }
      redraw();
    }

    function zoom(factor, around) {
      const span = Math.min(total, Math.max(total / 20000, (view.to - view.from) * factor));
      const share = (around - view.from) / (view.to - view.from);
      show(around - share * span, span);
    }

    function show(from, span) {
      const start = Math.min(Math.max(0, from), total - span);
      view = { from: Math.max(0, start), to: Math.max(0, start) + span };
      redraw();
    }

    /** Brings a bar into view that was reached by keyboard. */
    function reveal(bar) {
      const span = view.to - view.from;
      if (bar.start < view.from || bar.end > view.to) {
        show(bar.start - span / 3, span);
      }
    }

    const point = (event) => {
      const box = canvas.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };

    canvas.addEventListener('pointerdown', (event) => {
      const at = point(event);
      if (event.button === 0 && at.x > gutter) {
        drag = { start: at.x, end: at.x, moved: false };
        canvas.setPointerCapture(event.pointerId);
      }
    });
    canvas.addEventListener('pointermove', (event) => {
      const at = point(event);
      if (drag) {
        drag.end = Math.min(Math.max(at.x, gutter), gutter + plot());
        drag.moved = drag.moved || Math.abs(drag.end - drag.start) > 5;
        redraw();
        return;
      }
      const one = lanes[Math.floor((at.y - AXIS) / lane)];
      const bar = one && at.x >= gutter ? find(one, time(at.x)) : null;
      if ((chosen && chosen.bar) !== bar) {
        choose(one, bar, false);
      }
    });
    canvas.addEventListener('pointerup', (event) => {
      const done = drag;
      drag = null;
      if (done && done.moved) {
        const from = time(Math.min(done.start, done.end));
        show(from, Math.max(total / 20000, time(Math.max(done.start, done.end)) - from));
      } else if (done) {
        const at = point(event);
        const one = lanes[Math.floor((at.y - AXIS) / lane)];
        const bar = one ? find(one, time(at.x)) : null;
        if (bar) { onOpen(bar.file); }
      }
    });
    canvas.addEventListener('pointercancel', () => { drag = null; redraw(); });
    canvas.addEventListener('pointerleave', () => { if (!drag) { choose(null, null, false); } });
    canvas.addEventListener('dblclick', () => show(0, total));
    canvas.addEventListener('wheel', (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        zoom(Math.exp(event.deltaY / 300), time(Math.max(gutter, point(event).x)));
      }
    }, { passive: false });

    function step(by, toLane) {
      const filled = lanes.filter((one) => one.bars.length > 0);
      if (filled.length === 0) {
        return;
      }
      let one = chosen ? chosen.lane : filled[0];
      let bar = chosen ? chosen.bar : null;
      if (bar === null) {
        bar = one.bars[0];
      } else if (toLane !== 0) {
        one = filled[Math.min(filled.length - 1, Math.max(0, filled.indexOf(one) + toLane))];
        const middle = (bar.start + bar.end) / 2;
        bar = one.bars.reduce((best, next) =>
          (Math.abs((next.start + next.end) / 2 - middle) < Math.abs((best.start + best.end) / 2 - middle) ? next : best));
      } else {
        bar = one.bars[Math.min(one.bars.length - 1, Math.max(0, one.bars.indexOf(bar) + by))];
      }
      reveal(bar);
      choose(one, bar, true);
    }

    canvas.addEventListener('keydown', (event) => {
      const middle = chosen ? (chosen.bar.start + chosen.bar.end) / 2 : (view.from + view.to) / 2;
      const actions = {
        ArrowRight: () => step(1, 0), ArrowLeft: () => step(-1, 0), ArrowDown: () => step(0, 1), ArrowUp: () => step(0, -1),
        '+': () => zoom(0.5, middle), '=': () => zoom(0.5, middle), '-': () => zoom(2, middle), 0: () => show(0, total),
        Escape: () => choose(null, null, false),
        Enter: () => { if (chosen) { onOpen(chosen.bar.file); } },
      };
      if (actions[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        actions[event.key]();
      }
    });
    canvas.addEventListener('blur', () => choose(null, null, false));

    const button = (text, label, action) =>
      el('button', { type: 'button', class: 'dt-button', 'aria-label': label, title: label, text, on: { click: action } });
    const middle = () => (view.from + view.to) / 2;
    const controls = el('div', { class: 'dt-controls', role: 'group', 'aria-label': 'Zoom' },
      button('+', 'Zoom in', () => zoom(0.5, middle())), button('\u2212', 'Zoom out', () => zoom(2, middle())),
      button('Whole run', 'Show the whole run', () => show(0, total)));

    take(data);
    view = { from: 0, to: total };
    new ResizeObserver(redraw).observe(frame);
    // A page that this one is a part of may change its theme by an attribute of the whole document.
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'data-theme'] });
    signal.addEventListener('abort', () => theme.disconnect());
    for (const media of ['(prefers-color-scheme: dark)', 'print', '(forced-colors: active)']) {
      window.matchMedia(media).addEventListener('change', draw, { signal });
    }
    window.addEventListener('beforeprint', draw, { signal });
    return { controls, update, body: el('div', {}, el('div', { class: 'dt-canvas-scroll' }, frame), spoken,
      el('p', { class: 'dt-help', id: 'dt-timeline-help', text: 'Drag over a stretch of time to zoom in, double-click for '
        + 'the whole run. With the keyboard: arrow keys go from file to file, + and \u2212 zoom, Enter opens the file '
        + 'in the table. The dashed line is the lower bound.' })) };
  }

  Object.assign(window.distributedTest, { timeline, legendKinds: ['passed', 'flaky', 'failed', 'timed_out', 'crashed',
    'cancelled', 'lost', 'running'] });
})();
