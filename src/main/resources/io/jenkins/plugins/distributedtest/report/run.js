/*
 * The parts of a run's page: each takes the run's JSON report (version 1, see docs/json-report.md) and makes elements.
 * view.js puts them together.
 */
(function () {
  'use strict';
  const { el, arrange, icon, pill, seconds, count, plural, percent, workerName, groupOf, command, KINDS, attemptBlock,
    legendKinds } = window.distributedTest;

  const OUTCOMES = ['passed', 'flaky', 'no_tests', 'failed', 'timed_out', 'crashed', 'running', 'unfinished'];
  const SHOWN_FAILURES = 50;

  const isBad = (file) => ['failed', 'timed_out', 'crashed'].includes(file.outcome);

  const ENDS = {
    running: { kind: 'unfinished', word: 'Running' },
    failed_fast: { kind: 'failed', word: 'Failed, stopped early' },
    cancelled: { kind: 'unfinished', word: 'Cancelled' },
    error: { kind: 'crashed', word: 'Error' },
  };

  function verdict(data) {
    if (data.end === 'running' && data.listeners.every((one) => one.joined_offset === null)) {
      return { kind: 'unfinished', word: 'Waiting for a listener' };
    }
    return ENDS[data.end] || (data.green ? { kind: 'passed', word: 'Passed' } : { kind: 'failed', word: 'Failed' });
  }

  function section(id, title, note, controls, ...content) {
    return el('section', { class: 'dt-card', id, 'aria-labelledby': id + '-title' },
      el('div', { class: 'dt-card-head' },
        el('h2', { id: id + '-title' }, title, note ? el('span', { class: 'dt-note', text: note }) : null), controls),
      ...content);
  }

  /** @param embedded whether the page has a heading of its own above */
  function header(data, embedded) {
    const result = verdict(data);
    const started = new Date(data.started_at);
    return el('header', { class: 'dt-head dt-is-' + result.kind },
      el('div', { class: 'dt-badge' }, icon(result.kind)),
      el('div', { class: 'dt-head-text' },
        el('p', { class: 'dt-eyebrow', text: 'Distributed test run' }),
        el(embedded ? 'h2' : 'h1', { class: 'dt-title' }, data.project || 'Test run', el('span', { class: 'dt-verdict', text: result.word })),
        el('p', { class: 'dt-meta' },
          el('time', { datetime: data.started_at, text: started.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' }) }),
          el('span', { text: 'run ' + data.run_id }),
          data.failed_in_quarantine && data.failed_in_quarantine.length
            ? el('span', { text: data.failed_in_quarantine.length + ' failed in quarantine: ' + data.failed_in_quarantine.slice(0, 5).join(', ')
              + (data.failed_in_quarantine.length > 5 ? ', …' : '') })
            : null,
          data.problem ? el('span', { class: 'dt-problem', text: data.problem }) : null)));
  }

  function tile(title, value, note) {
    return el('div', { class: 'dt-tile' }, el('dt', { text: title }), el('dd', {}, value),
      el('dd', { class: 'dt-tile-note', text: note }));
  }

  const runningFiles = (data) => data.files.filter((one) => one.running).length;

  function tiles(data) {
    const { totals, wall_time: time } = data;
    const running = runningFiles(data);
    const bad = totals.failed + totals.timed_out + totals.crashed;
    const good = totals.passed + totals.flaky;
    const casesBad = totals.cases_failed + totals.cases_error;
    return el('dl', { class: 'dt-tiles' },
      tile('Files', count(totals.files), count(good) + ' passed, ' + count(bad) + ' failed'
        + (totals.no_tests ? ', ' + count(totals.no_tests) + ' without tests' : '')
        + (running ? ', ' + count(running) + ' running' : '')
        + (totals.unfinished > running ? ', ' + count(totals.unfinished - running)
          + (data.end === 'running' ? ' to go' : ' without a result') : '')),
      tile('Tests', count(totals.cases), casesBad || totals.cases_skipped
        ? count(casesBad) + ' failed, ' + count(totals.cases_skipped) + ' skipped' : totals.cases ? 'all passed' : data.end === 'running' ? 'none so far' : 'none'),
      tile('Wall time', seconds(data.wall_seconds), data.end === 'running' ? 'so far'
        : 'lower bound ' + seconds(time.lower_bound_seconds)),
      tile('Slots', count(time.slots), time.slot_seconds > 0
        ? percent(time.slot_seconds - time.idle_seconds, time.slot_seconds) + ' busy on '
          + plural(data.listeners.filter((one) => one.joined_offset !== null).length, 'listener') : 'none took part'));
  }

  /** The share of each outcome; each is a button that shows these files. */
  function outcomeBar(data, show) {
    const running = runningFiles(data);
    const totals = Object.assign({}, data.totals, { running, unfinished: data.totals.unfinished - running });
    const present = OUTCOMES.filter((kind) => totals[kind] > 0);
    const bar = el('div', { class: 'dt-share', 'aria-hidden': 'true' }, present.map((kind) => {
      const part = el('span', { class: 'dt-part dt-fill-' + kind });
      part.style.flexGrow = String(totals[kind]);
      return part;
    }));
    const chips = el('ul', { class: 'dt-chips' }, present.map((kind) => el('li', {},
      el('button', { type: 'button', class: 'dt-chip', title: 'Show these files in the table', on: { click: () => show({ outcome: kind }) } },
        pill(kind, count(totals[kind]) + ' '
          + (kind === 'unfinished' && data.end === 'running' ? 'to go' : KINDS[kind].word))))));
    return el('div', { class: 'dt-outcomes' }, bar, chips);
  }

  function meter(title, value, whole, kind, note) {
    const fill = el('span', { class: 'dt-meter-fill dt-meter-' + kind });
    fill.style.width = Math.min(100, (100 * value) / (whole || 1)) + '%';
    return el('div', { class: 'dt-meter' }, el('span', { class: 'dt-meter-title', text: title }),
      el('span', { class: 'dt-meter-track', 'aria-hidden': 'true' }, fill),
      el('span', { class: 'dt-meter-value', text: seconds(value) }), el('span', { class: 'dt-meter-note', text: note || '' }));
  }

  const fact = (title, ...text) => el('div', { class: 'dt-fact' }, el('dt', { text: title }), el('dd', {}, ...text));
  const file = (path) => el('span', { class: 'dt-path', text: path });

  function slotFacts(data) {
    const time = data.wall_time;
    const best = time.worthwhile_slots;
    const facts = [fact('More slots', best
      ? plural(best.slots, 'more slot') + ' would save about ' + seconds(best.saved_seconds) + '.'
      : 'More slots would save next to nothing.', time.more_slots.length > 1 ? el('span', { class: 'dt-muted',
      text: ' ' + time.more_slots.map((one) => '+' + one.slots + ': \u2212' + seconds(one.saved_seconds)).join(', ') }) : null)];
    if (time.order_saving_seconds > 0.05 * data.wall_seconds) {
      facts.push(fact('Order', 'Slowest first would have saved about ' + seconds(time.order_saving_seconds)
        + '; recorded runtimes bring that in the next run.'));
    }
    return facts;
  }

  function wallTime(data) {
    const time = data.wall_time;
    if (!time.longest_file || !(time.slot_seconds > 0)) {
      return section('dt-wall', 'Wall time', null, null, el('p', { class: 'dt-muted', text: data.end === 'running' ? 'Nothing ran to its end so far.' : 'Nothing ran.' }));
    }
    const byLongest = time.longest_seconds >= time.lower_bound_seconds * 0.9999;
    const ratio = time.lower_bound_seconds > 0 ? (data.wall_seconds / time.lower_bound_seconds).toFixed(2) + ' \u00d7 the lower bound' : '';
    const most = Math.max(data.wall_seconds, time.lower_bound_seconds);
    const last = time.straggler;
    const live = data.end === 'running';
    return section('dt-wall', 'Wall time', null, null,
      el('div', { class: 'dt-wall' },
        el('div', { class: 'dt-meters' },
          meter('Wall time', data.wall_seconds, most, 'wall', live ? 'so far' : ratio),
          live ? null
            : meter('Lower bound', time.lower_bound_seconds, most, 'bound', byLongest ? 'the longest file' : 'all tests over the slots there'),
          meter('First file after', time.startup_seconds, most, 'idle', 'sources took up to ' + seconds(time.sync_seconds)),
          el('h3', { text: 'Slot time, ' + seconds(time.slot_seconds) + ' in all' }),
          meter('Running files', time.slot_seconds - time.idle_seconds, time.slot_seconds, 'busy',
            percent(time.slot_seconds - time.idle_seconds, time.slot_seconds)),
          meter('Idle before', time.idle_before_seconds, time.slot_seconds, 'idle', 'waiting for a first file'),
          meter('Idle between', time.idle_between_seconds, time.slot_seconds, 'idle', 'from file to file'),
          meter('Idle after', time.idle_after_seconds, time.slot_seconds, 'idle', live ? 'nothing to run now' : 'waiting for the others')),
        el('dl', { class: 'dt-facts' },
          fact('Longest file', file(time.longest_file), ' took ' + seconds(time.longest_seconds) + '.'),
          last ? fact('Last straggler', file(last.path), ' on ' + workerName(last.worker) + ' took ' + seconds(last.seconds)
            + (last.alone_seconds > 0.01 * data.wall_seconds ? ', ' + seconds(last.alone_seconds) + ' of it after every other slot was done.' : '.')) : null,
          live ? null : slotFacts(data))));
  }

  function legend(data) {
    const kinds = legendKinds.filter((kind) => (kind === 'running' && runningFiles(data) > 0) || data.files.some((one) => one.attempts.some((attempt) => attempt.status === kind))
      || (kind === 'flaky' && data.totals.flaky > 0));
    return el('ul', { class: 'dt-legend', 'aria-label': 'Legend' }, kinds.map((kind) => el('li', {},
      el('span', { class: 'dt-swatch dt-swatch-' + kind, 'aria-hidden': 'true' }),
      kind === 'flaky' ? 'passed on a retry' : KINDS[kind].word)));
  }

  /** What failed in a file, so that it need not be opened to be known: its first bad test, and how many more there are. */
  function badTests(one) {
    const bad = one.attempts.flatMap((attempt) => attempt.cases).filter((test) => ['failed', 'error'].includes(test.status));
    const names = [...new Set(bad.map((test) => groupOf(test) + test.name))];
    return names.length === 0 || (names.length === 1 && names[0] === one.path) ? null : el('span', { class: 'dt-bad-tests', text: names[0]
      + (names.length > 1 ? ' and ' + plural(names.length - 1, 'more test') : '') });
  }

  function openable(one, open) {
    const last = one.attempts[one.attempts.length - 1];
    const element = el('details', { class: 'dt-fold dt-is-' + one.outcome, open },
      el('summary', {}, pill(one.outcome), badTests(one), el('span', { class: 'dt-path', text: one.path }),
        el('span', { class: 'dt-muted dt-where', text: 'on ' + workerName(last.worker)
          + (one.attempts.length > 1 ? ', ' + one.attempts.length + ' attempts' : '') })));
    const fill = () => {
      if (element.open && element.childNodes.length === 1) {
        element.append(el('div', { class: 'dt-details' }, one.rerun_command ? command(one.rerun_command) : null,
          one.attempts.map((attempt, index) => attemptBlock(one, attempt, index, true))));
      }
    };
    element.addEventListener('toggle', fill);
    fill();
    return element;
  }

  /** A section of files that open to their attempts. What it returns takes newer files and gives the section or null. */
  function folds(id, title, openFirst) {
    const body = el('div', { class: 'dt-folds' });
    const note = el('span', { class: 'dt-note' });
    const more = el('button', { type: 'button', class: 'dt-button', on: { click: () => { limit += SHOWN_FAILURES; draw(); } } });
    const element = section(id, title, null, null, body, more);
    element.querySelector('h2').append(note);
    let files = [];
    let limit = SHOWN_FAILURES;
    let drawn = new Map();

    function one(file, index) {
      const before = drawn.get(file.path);
      return before && before.file === file ? before
        : { file, element: openable(file, before ? before.element.open : index < openFirst) };
    }

    function draw() {
      drawn = new Map(files.slice(0, limit).map((file, index) => [file.path, one(file, index)]));
      arrange(body, [...drawn.values()].map((each) => each.element));
      note.textContent = count(files.length);
      more.hidden = files.length <= limit;
      more.textContent = 'Show more (' + count(files.length - limit) + ' left)';
    }

    return (newer) => {
      files = newer;
      draw();
      return files.length > 0 ? element : null;
    };
  }

  function unfinishedSection(data, show) {
    return data.totals.unfinished === 0 || data.end === 'running' ? null
      : section('dt-unfinished', 'Without a result', count(data.totals.unfinished), null,
        el('p', {}, plural(data.totals.unfinished, 'file') + ' did not run to an end. ',
          el('button', { type: 'button', class: 'dt-button dt-small', text: 'Show in the table', on: { click: () => show({ outcome: 'unfinished' }) } })));
  }

  function listeners(data) {
    if (data.listeners.length === 0) {
      return section('dt-listeners', 'Listeners', null, null, el('p', { class: 'dt-muted', text: data.end === 'running' ? 'No listener takes part so far.' : 'No listener took part.' }));
    }
    const share = new Map();
    for (const one of data.files) {
      for (const attempt of one.attempts) {
        const sum = share.get(attempt.worker.listener) || { files: 0, bad: 0, busy: 0 };
        sum.files++;
        sum.bad += ['failed', 'timed_out', 'crashed'].includes(attempt.status) ? 1 : 0;
        sum.busy += attempt.seconds;
        share.set(attempt.worker.listener, sum);
      }
      if (one.running) {
        const sum = share.get(one.running.worker.listener) || { files: 0, bad: 0, busy: 0 };
        sum.busy += Math.max(0, data.wall_seconds - one.running.start_offset);
        share.set(one.running.worker.listener, sum);
      }
    }
    const head = ['Host', 'Listener', 'Version', 'Slots', 'Files', 'Failed', 'Busy', 'Ready after', 'Sources', 'Left'];
    const numbers = new Set(['Slots', 'Files', 'Failed', 'Busy', 'Ready after', 'Sources', 'Left']);
    const rows = data.listeners.flatMap((one) => {
      const sum = share.get(one.listener) || { files: 0, bad: 0, busy: 0 };
      const there = one.joined_offset === null ? 0
        : ((one.left_offset === null ? data.wall_seconds : one.left_offset) - one.joined_offset) * one.slots;
      const cells = [one.host, one.listener.slice(0, 8), one.version || '\u2013', count(one.slots), count(sum.files), count(sum.bad),
        there > 0 ? Math.min(100, Math.round((100 * sum.busy) / there)) + ' %' : '\u2013', one.joined_offset === null ? 'never' : seconds(one.joined_offset),
        seconds(one.sync_seconds), one.left_offset === null ? '\u2013' : seconds(one.left_offset)];
      return [el('tr', {}, cells.map((text, index) => el(index === 0 ? 'th' : 'td', { scope: index === 0 ? 'row' : null,
        class: numbers.has(head[index]) ? 'dt-number' : null, title: index === 1 ? one.listener : null, text }))),
      one.problem ? el('tr', { class: 'dt-more' }, el('td', { colspan: String(head.length) },
        el('pre', { class: 'dt-message', tabindex: '0', text: window.distributedTest.plain(one.problem) }))) : null];
    });
    return section('dt-listeners', 'Listeners', count(data.listeners.length), null,
      el('div', { class: 'dt-scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of listeners' },
        el('table', { class: 'dt-table' }, el('caption', { class: 'dt-spoken', text: 'Listeners of the run' }),
          el('thead', {}, el('tr', {}, head.map((title) => el('th', { scope: 'col', class: numbers.has(title) ? 'dt-number' : null, text: title })))),
          el('tbody', {}, rows))));
  }

  function navigation(sections) {
    return el('nav', { class: 'dt-nav', 'aria-label': 'Parts of the page' }, sections.map((one) => {
      const heading = one.querySelector('h2');
      const note = heading.querySelector('.dt-note');
      return el('a', { href: '#' + one.id }, heading.firstChild.textContent,
        note ? el('span', { class: 'dt-note', text: note.textContent }) : null);
    }));
  }

  const summary = (data, show) => el('div', { class: 'dt-card dt-summary' }, tiles(data), outcomeBar(data, show));

  Object.assign(window.distributedTest, { isBad, section, header, summary, wallTime, legend, folds, unfinishedSection, listeners,
    navigation });
})();
