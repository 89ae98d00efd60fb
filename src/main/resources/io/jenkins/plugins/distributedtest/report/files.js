/*
 * The table of files: sorted, filtered and shown a page at a time, so that 50,000 files stay fast; each row opens to
 * its attempts and their test cases.
 */
(function () {
  'use strict';
  const { el, arrange, pill, seconds, count, plural, workerName, groupOf, plain, command, KINDS,
    kindOf } = window.distributedTest;

  const PAGE = 100;
  const SHOWN_CASES = 200;
  const RANK = { running: -1, crashed: 0, timed_out: 1, failed: 2, unfinished: 3, no_tests: 4, flaky: 5, passed: 6 };

  const last = (file) => file.attempts[file.attempts.length - 1];

  /** What the table shows and sorts by, computed once per file. */
  function rowsOf(data, before) {
    return data.files.map((file, order) => {
      if (before[order] && before[order].file === file && !file.running && !before[order].word) {
        return before[order];
      }
      const end = last(file);
      const kind = kindOf(file);
      const time = file.running ? Math.max(0, data.wall_seconds - file.running.start_offset) : end ? end.seconds : null;
      const cases = end ? end.cases.length + (end.cases_left_out || 0) : 0;
      const workers = [...file.attempts, ...(file.running ? [file.running] : [])].map((one) => one.worker);
      const hosts = [...new Set(workers.map((worker) => worker.host))].join(', ');
      return { file, order, outcome: kind, word: kind === 'unfinished' && data.end === 'running' ? 'to go' : null, rank: RANK[kind], path: file.path, seconds: time, cases, hosts,
        expected: file.expected_seconds || null,
        difference: time !== null && file.expected_seconds && !file.running ? time - file.expected_seconds : null,
        attempts: workers.length, sought: null };
    });
  }

  /** What the text filter looks in: the path, workers and names of test cases. Made when it is first needed. */
  function sought(row) {
    if (row.sought === null) {
      const names = row.file.attempts.flatMap((attempt) => [workerName(attempt.worker),
        ...attempt.cases.map((test) => test.class_name + ' ' + test.name)]);
      row.sought = (row.path + '\n' + names.join('\n')).toLowerCase();
    }
    return row.sought;
  }

  const COLUMNS = [
    { key: 'rank', title: 'Outcome' },
    { key: 'path', title: 'File', wide: true },
    { key: 'seconds', title: 'Time', number: true, descending: true },
    { key: 'expected', title: 'Expected', number: true, descending: true },
    { key: 'difference', title: 'Difference', number: true, descending: true },
    { key: 'cases', title: 'Tests', number: true, descending: true },
    { key: 'attempts', title: 'Attempts', number: true, descending: true },
    { key: 'hosts', title: 'Host' },
  ];

  const signed = (value) => (value === null ? '\u2013' : (value < 0 ? '\u2212' : '+') + seconds(Math.abs(value)));

  function failureBlock(failure) {
    const message = plain(failure.message || '');
    let trace = plain(failure.trace || '');
    // Some frameworks begin the trace with the message; once is enough.
    if (message && trace.startsWith(message)) {
      trace = trace.slice(message.length).replace(/^\n+/, '');
    }
    return [failure.type ? el('p', { class: 'dt-type', text: failure.type }) : null,
      message ? el('pre', { class: 'dt-message', tabindex: '0', text: message }) : null,
      trace ? el('pre', { class: 'dt-trace', tabindex: '0', text: trace }) : null];
  }

  function outputBlock(output, title, open) {
    return output
      ? el('details', { class: 'dt-output', open: Boolean(open) }, el('summary', { text: title }), el('pre', { tabindex: '0', text: plain(output) }))
      : null;
  }

  /**
   * The bad cases of an attempt with message and trace, and what is wrong with the file as a whole. Where no test of it
   * says more than that, its output is all that there is, and is open.
   */
  function problems(path, attempt) {
    const bad = attempt.cases.filter((test) => test.status === 'failed' || test.status === 'error');
    const ended = attempt.signal ? 'Ended by signal ' + attempt.signal + '. '
      : attempt.exit_code !== undefined ? 'Ended with exit code ' + attempt.exit_code + '. ' : '';
    const whole = attempt.message || (attempt.status !== 'passed' && bad.length === 0 ? 'The file ' + KINDS[attempt.status].word + '.' : '');
    return [
      whole || ended ? el('pre', { class: 'dt-message', tabindex: '0', text: (ended + plain(whole)).trim() }) : null,
      ...bad.map((test) => el('div', { class: 'dt-case' },
        el('h4', {}, el('span', { class: 'dt-muted', text: groupOf(test) }),
          test.name, test.line ? el('span', { class: 'dt-muted', text: ' line ' + test.line }) : null),
        test.failure ? failureBlock(test.failure) : null, outputBlock(test.output, 'Output of this test'))),
      outputBlock(attempt.output, 'Output of the file',
        attempt.status !== 'passed' && bad.every((test) => test.name === path)),
    ];
  }

  function casesTable(attempt) {
    if (attempt.cases.length === 0) {
      return null;
    }
    const row = (test) => el('tr', {}, el('td', {}, pill(test.status)),
      el('td', { class: 'dt-grow' }, el('span', { class: 'dt-muted', text: groupOf(test) }),
        test.name, test.failure && test.status === 'skipped' && test.failure.message
          ? el('span', { class: 'dt-muted', text: ' \u2013 ' + test.failure.message }) : null),
      el('td', { class: 'dt-number', text: test.status === 'skipped' ? '\u2013' : seconds(test.seconds) }));
    const body = el('tbody', {}, attempt.cases.slice(0, SHOWN_CASES).map(row));
    const more = attempt.cases.length > SHOWN_CASES
      ? el('button', { type: 'button', class: 'dt-button dt-small', text: 'Show all ' + plural(attempt.cases.length, 'test'),
        on: { click: (event) => {
          body.append(...attempt.cases.slice(SHOWN_CASES).map(row));
          event.target.remove();
        } } }) : null;
    return el('div', {}, el('table', { class: 'dt-cases' },
      el('caption', { class: 'dt-spoken', text: 'Test cases' }), body), more,
      attempt.cases_left_out ? el('p', { class: 'dt-muted', text: plural(attempt.cases_left_out, 'more test')
        + ' left out of this page; the JUnit and JSON reports have them.' }) : null);
  }

  /** @param brief whether the list of all test cases is left out */
  function attemptBlock(file, attempt, index, brief) {
    return el('div', { class: 'dt-attempt' },
      el('p', { class: 'dt-attempt-head' },
        file.attempts.length > 1 ? [el('strong', { text: 'Attempt ' + (index + 1) }), pill(attempt.status)] : null,
        el('span', { text: seconds(attempt.seconds) + ' on ' + workerName(attempt.worker) }),
        el('span', { class: 'dt-muted', text: (attempt.runner ? attempt.runner + ', ' : '') + 'started at '
          + seconds(attempt.start_offset) })),
      problems(file.path, attempt), brief ? null : casesTable(attempt));
  }

  function details(file) {
    return el('div', { class: 'dt-details' },
      file.rerun_command ? command(file.rerun_command) : null,
      file.running ? el('p', { text: 'It runs on ' + workerName(file.running.worker) + ' since '
        + seconds(file.running.start_offset) + '.' })
        : file.attempts.length === 0 ? el('p', { class: 'dt-muted', text: 'This file was not run.' }) : null,
      file.attempts.map((attempt, index) => attemptBlock(file, attempt, index)));
  }

  /** Makes the table. What it returns can show one file or one outcome, and take newer data. */
  function filesTable(data) {
    let rows = rowsOf(data, []);
    let sort = { key: 'rank', descending: false };
    let outcome = '';
    let text = '';
    let page = 0;
    let shown = rows;
    const opened = new Set();
    let drawn = new Map();

    const search = el('input', { type: 'search', id: 'dt-search', class: 'dt-input', placeholder: 'File, test or host',
      autocomplete: 'off', spellcheck: 'false' });
    const select = el('select', { id: 'dt-outcome', class: 'dt-input' });
    const status = el('p', { class: 'dt-muted dt-count', role: 'status' });
    const headers = COLUMNS.map((column) => {
      const arrow = el('span', { class: 'dt-arrow', 'aria-hidden': 'true' });
      const button = el('button', { type: 'button', class: 'dt-sort', on: { click: () => sortBy(column) } }, column.title, arrow);
      return { column, arrow, cell: el('th', { scope: 'col', class: (column.number ? 'dt-number' : '') + (column.wide ? ' dt-grow' : '') }, button) };
    });
    const body = el('tbody');
    const pager = el('nav', { class: 'dt-pager', 'aria-label': 'Pages of the table of files' });
    const table = el('table', { class: 'dt-table dt-files', id: 'dt-files-table', tabindex: '-1' },
      el('caption', { class: 'dt-spoken', text: 'Files of the run' }),
      el('thead', {}, el('tr', {}, headers.map((header) => header.cell))), body);

    /** The outcomes that there are, and the one that is chosen. */
    function offerOutcomes() {
      const totals = {};
      rows.forEach((one) => { totals[one.outcome] = (totals[one.outcome] || 0) + 1; });
      const kinds = Object.keys(RANK).filter((kind) => totals[kind] > 0 || kind === outcome);
      const names = [['', 'All outcomes'], ...kinds.map((kind) => [kind, KINDS[kind].word + ' (' + count(totals[kind]) + ')'])];
      // Not while somebody may be looking at the list.
      if (document.activeElement !== select && names.map((name) => name[1]).join() !== [...select.options].map((option) => option.text).join()) {
        select.replaceChildren(...names.map(([value, name]) => el('option', { value, text: name })));
        select.value = outcome;
      }
    }

    function sortBy(column) {
      sort = { key: column.key, descending: sort.key === column.key ? !sort.descending : Boolean(column.descending) };
      page = 0;
      sift();
    }

    function compare(a, b) {
      const left = a[sort.key];
      const right = b[sort.key];
      if (left === right) {
        return a.order - b.order;
      }
      if (left === null || right === null) {
        return left === null ? 1 : -1; // what has no value stays at the end either way
      }
      return (left < right ? -1 : 1) * (sort.descending ? -1 : 1);
    }

    function sift() {
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      const candidates = rows.filter((row) => !outcome || row.outcome === outcome);
      // As one phrase it means one test; only what is nowhere as a phrase is sought word by word.
      const phrase = words.join(' ');
      const exact = words.length > 1 ? candidates.filter((row) => sought(row).includes(phrase)) : [];
      shown = exact.length > 0 ? exact : candidates.filter((row) => words.every((word) => sought(row).includes(word)));
      shown.sort(compare);
      page = Math.min(page, Math.max(0, Math.ceil(shown.length / PAGE) - 1));
      render();
    }

    function row(one) {
      const key = one.order;
      const more = el('tr', { class: 'dt-more', hidden: !opened.has(key) }, el('td', { colspan: String(COLUMNS.length) }));
      const name = el('button', { type: 'button', class: 'dt-open', 'aria-expanded': String(opened.has(key)) },
        el('span', { class: 'dt-path', text: one.path }));
      const fill = () => more.firstChild.childNodes.length || more.firstChild.append(details(one.file));
      if (opened.has(key)) {
        fill();
      }
      name.addEventListener('click', () => {
        const open = !opened.has(key);
        opened[open ? 'add' : 'delete'](key);
        fill();
        more.hidden = !open;
        name.setAttribute('aria-expanded', String(open));
      });
      const number = (content, extra) => el('td', { class: 'dt-number' + (extra || ''), text: content });
      return [el('tr', {}, el('td', {}, pill(one.outcome, one.word)), el('td', { class: 'dt-grow' }, name), number(seconds(one.seconds), ' dt-time'),
        number(seconds(one.expected), ' dt-muted'),
        number(signed(one.difference), one.difference > Math.max(1, one.expected * 0.5) ? ' dt-slower' : ' dt-muted'),
        number(count(one.cases)), number(count(one.attempts)), el('td', { class: 'dt-host', text: one.hosts || '\u2013' })), more];
    }

    function render() {
      headers.forEach(({ column, arrow, cell }) => {
        const sorted = column.key === sort.key;
        cell.setAttribute('aria-sort', sorted ? (sort.descending ? 'descending' : 'ascending') : 'none');
        arrow.textContent = sorted ? (sort.descending ? '\u2193' : '\u2191') : '';
      });
      drawRows(shown.slice(page * PAGE, (page + 1) * PAGE));
      status.textContent = shown.length === rows.length ? plural(rows.length, 'file')
        : count(shown.length) + ' of ' + plural(rows.length, 'file');
      renderPager();
    }

    /** Rows that stay are not made anew, so that a live page leaves alone what somebody reads. */
    function drawRows(visible) {
      const focused = document.activeElement;
      drawn = new Map(visible.map((one) => {
        const before = drawn.get(one.order);
        if (before && before.file === one.file && before.word === one.word) {
          before.elements[0].querySelector('.dt-time').textContent = seconds(one.seconds); // it grows while the file runs
          return [one.order, before];
        }
        return [one.order, { file: one.file, word: one.word, elements: row(one) }];
      }));
      arrange(body, [...drawn.values()].flatMap((each) => each.elements));
      if (focused !== document.activeElement && body.contains(focused)) {
        focused.focus({ preventScroll: true }); // it was moved
      }
    }

    function renderPager() {
      const pages = Math.ceil(shown.length / PAGE);
      pager.hidden = pages <= 1;
      const go = (title, to) => el('button', { type: 'button', class: 'dt-button', text: title, disabled: to < 0 || to >= pages,
        on: { click: () => { page = to; render(); table.scrollIntoView({ block: 'start' }); table.focus({ preventScroll: true }); } } });
      pager.replaceChildren(go('Previous', page - 1), el('span', { text: 'Page ' + count(page + 1) + ' of ' + count(pages) }),
        go('Next', page + 1));
    }

    let waiting = 0;
    search.addEventListener('input', () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => { text = search.value; page = 0; sift(); }, 80);
    });
    select.addEventListener('change', () => { outcome = select.value; page = 0; sift(); });

    function show(filter) {
      text = search.value = filter.text || '';
      outcome = select.value = filter.outcome || '';
      page = 0;
      if (filter.file) {
        const order = rows.findIndex((one) => one.file === filter.file);
        opened.add(order);
        drawn.delete(order);
      }
      sift();
      table.closest('section').scrollIntoView({ block: 'start' });
      const first = body.querySelector('button');
      if (first) { first.focus({ preventScroll: true }); }
    }

    offerOutcomes();
    sift();
    const element = el('div', {},
      el('div', { class: 'dt-filters', role: 'search' },
        el('label', { class: 'dt-field' }, el('span', { text: 'Filter' }), search),
        el('label', { class: 'dt-field' }, el('span', { text: 'Outcome' }), select), status),
      el('div', { class: 'dt-scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of files' }, table),
      el('p', { class: 'dt-printed', text: 'Printed: this page of the table.' }), pager);

    function update(newer) {
      rows = rowsOf(newer, rows);
      offerOutcomes();
      sift();
    }

    return { element, show, update };
  }

  Object.assign(window.distributedTest, { filesTable, problems, attemptBlock });
})();
