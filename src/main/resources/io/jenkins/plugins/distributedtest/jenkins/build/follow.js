/*
 * Keeps a page of a build up to date with the controller: <div data-dt-run="URL"> shows one run, and
 * <div data-dt-runs="URL"> lists the runs of the build. Asks again as often as the answers say, and no more when
 * nothing new will come.
 */
(function () {
  'use strict';
  const own = window.distributedTest;
  const { el, pill, seconds, count, renderRun } = own;

  const { ask, statusLine, keepAsking, clock } = own.asking;

  /** A page that takes long to draw spends at most this share of the time on it. */
  const DRAWING_SHARE = 0.1;

  /** Newer data as one report: of a partial one only the files that changed are new. Null if it does not fit. */
  function merged(before, answer) {
    if (!answer.partial) {
      return answer.report;
    }
    if (!before || before.run_id !== answer.report.run_id || before.files.length !== answer.report.totals.files) {
      return null;
    }
    const files = before.files.slice();
    for (const file of answer.report.files) {
      files[file.index] = file;
    }
    return Object.assign({}, answer.report, { files });
  }

  function followRun(root) {
    const status = statusLine();
    const place = el('div', {});
    let cursor = '';
    let data = null;
    root.replaceChildren(status.element, place);

    keepAsking(status, async () => {
      const answer = await ask(root.dataset.dtRun + '?cursor=' + encodeURIComponent(cursor));
      if (answer.report) {
        const newest = merged(data, answer);
        if (newest === null) {
          cursor = '';
          return 0;
        }
        data = newest;
        cursor = answer.cursor || '';
      }
      const started = performance.now();
      if (answer.report) {
        renderRun(place, data, { embedded: true });
      }
      const drawing = (performance.now() - started) / 1000;
      const wait = answer.next_seconds ? Math.max(answer.next_seconds, drawing / DRAWING_SHARE) : null;
      if (answer.state === 'live') {
        status.show('live', data.end === 'running' ? 'Live' : 'All is run; the step takes in the results', ' as of ' + clock(new Date()));
      } else if (answer.state === 'waiting') {
        status.show('waiting', data ? 'Jenkins has restarted; the run is being taken up again.'
          : 'The run is getting ready.', ' This page goes on by itself.');
      } else if (answer.state === 'lost') {
        status.show('bad', data ? 'The build has ended; its run left no report. What you see is the last that was known.'
          : 'The build has ended; its run left no report.', ' The log says why.');
      } else {
        status.show('', '');
      }
      root.dataset.dtState = answer.state;
      return wait;
    });
  }

  const NONE = '\u2013';

  function runRow(run) {
    const totals = run.totals;
    const bad = totals ? totals.failed + totals.timedOut + totals.crashed : 0;
    const kind = run.state === 'live' || run.state === 'waiting' ? 'unfinished' : run.green ? 'passed'
      : run.end === 'cancelled' ? 'cancelled' : run.end === 'error' || run.state === 'lost' ? 'error' : 'failed';
    const word = run.state === 'live' ? 'running' : run.state === 'waiting' ? 'getting ready'
      : run.state === 'lost' ? 'no report' : null;
    const number = (value) => el('td', { class: 'dt-number', text: value });
    return el('tr', {}, el('td', {}, pill(kind, word)),
      el('td', { class: 'dt-grow' }, el('a', { href: run.url, text: run.displayName })),
      number(totals ? (totals.unfinished ? count(totals.files - totals.unfinished) + ' of ' : '') + count(totals.files) : NONE),
      number(totals ? count(bad) : NONE), number(totals ? count(totals.flaky) : NONE), number(totals ? count(totals.cases) : NONE),
      number(totals ? seconds(run.wallSeconds) : NONE), number(totals ? seconds(run.lowerBoundSeconds) : NONE),
      number(totals ? count(run.slots) : NONE));
  }

  const HEADS = ['Outcome', 'Run', 'Files', 'Failed', 'Flaky', 'Tests', 'Wall time', 'Lower bound', 'Slots'];

  function followRuns(root) {
    const status = statusLine();
    const body = el('tbody', {});
    root.classList.add('dt-run', 'dt-embedded');
    root.replaceChildren(status.element, el('table', { class: 'jenkins-table dt-runs' },
      el('thead', {}, el('tr', {}, HEADS.map((text, index) => el('th', { scope: 'col', class: index > 1 ? 'dt-number' : null, text })))),
      body));
    keepAsking(status, async () => {
      const answer = await ask(root.dataset.dtRuns);
      const rows = answer.runs.map(runRow);
      if (rows.length !== body.children.length || rows.some((row, index) => !row.isEqualNode(body.children[index]))) {
        body.replaceChildren(...rows);
      }
      const open = answer.runs.some((run) => run.state === 'live' || run.state === 'waiting');
      status.show('live', open ? 'Live' : '', open ? ' as of ' + clock(new Date()) : '');
      return open ? 3 : null;
    });
  }

  function start() {
    document.querySelectorAll('[data-dt-run]').forEach(followRun);
    document.querySelectorAll('[data-dt-runs]').forEach(followRuns);
  }

  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', start);
  } else {
    start();
  }
})();
