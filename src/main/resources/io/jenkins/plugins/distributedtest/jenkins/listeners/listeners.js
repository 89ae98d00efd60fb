/*
 * Manage Jenkins › Test listeners: has the brokers asked while somebody looks, and shows who answers.
 * <div data-dt-own="URL of a part"> is kept as that URL has it.
 * <div data-dt-listeners="URL of the page/" data-dt-configure="URL, or nothing for who may not configure">
 */
(function () {
  'use strict';
  const own = window.distributedTest;
  const { el, count, plural } = own;
  const { ask, statusLine, keepAsking, clock } = own.asking;

  const WHILE_ASKING = 1;
  const OTHERWISE = 10;
  const OWN = 3;
  const NONE = '\u2013';
  const HEADS = ['Agent or host', 'Listener', 'Version', 'Slots', 'Busy', 'Runners', 'Last seen'];
  const NUMBERS = new Set(['Slots', 'Busy']);

  function ago(seconds) {
    if (seconds < 60) {
      return seconds + ' s ago';
    }
    return seconds < 3600 ? Math.floor(seconds / 60) + ' min ago' : plural(Math.floor(seconds / 3600), 'hour') + ' ago';
  }

  function busy(one) {
    if (one.busy === null) {
      return el('span', { class: 'dt-secondary', text: 'not told' });
    }
    const fill = el('span', { class: 'dt-busy-fill' });
    fill.style.width = one.slots > 0 ? Math.min(100, (100 * one.busy) / one.slots) + '%' : '0';
    return [el('span', { class: 'dt-busy', 'aria-hidden': 'true' }, fill), count(one.busy)];
  }

  /** What it is beside one of ours that speaks both dialects. */
  function kind(one) {
    return one.listener === '' ? 'Ruby Gorgon listener' : !one.native ? 'Gorgon\u2019s protocol only' : null;
  }

  /** Jenkins' own name for where it runs, if Jenkins runs it; else the host's. */
  function place(one) {
    return one.agent
      ? [el('a', { href: document.head.dataset.rooturl + '/' + one.agent_url, text: one.agent }),
        one.agent === one.host ? null : el('span', { class: 'dt-secondary', text: ' ' + one.host })]
      : one.host;
  }

  function row(one) {
    const cell = (index, ...content) => el('td', { class: NUMBERS.has(HEADS[index]) ? 'dt-right' : null }, ...content);
    return el('tr', { class: one.here ? null : 'dt-away' },
      el('td', { class: 'dt-host' }, place(one)),
      el('td', { title: one.listener || null }, one.listener ? el('code', { text: one.listener.slice(0, 8) }) : null,
        kind(one) ? el('span', { class: 'dt-secondary', text: ' ' + kind(one) }) : null),
      cell(2, one.version || NONE), cell(3, count(one.slots)), cell(4, ...[one.here ? busy(one) : NONE].flat()),
      el('td', { class: 'dt-runners' }, one.runners.join(', ') || NONE),
      cell(6, one.here ? 'answers now' : ago(one.seen_seconds_ago)));
  }

  function totals(broker) {
    const here = broker.listeners.filter((one) => one.here);
    const sum = (key) => here.reduce((all, one) => all + Math.max(0, one[key] || 0), 0);
    return here.length === 0 ? 'Nobody answers.'
      : plural(here.length, 'listener') + ', ' + plural(sum('slots'), 'slot') + ', ' + count(sum('busy')) + ' busy';
  }

  function table(broker) {
    return el('div', { class: 'dt-wide', tabindex: '0', role: 'region', 'aria-label': 'Table of listeners' }, el('table', { class: 'jenkins-table dt-listeners-table' },
      el('caption', { class: 'jenkins-visually-hidden', text: 'Listeners of ' + broker.name }),
      el('thead', {}, el('tr', {}, HEADS.map((text) => el('th', { scope: 'col', class: NUMBERS.has(text) ? 'dt-right' : null, text })))),
      el('tbody', {}, broker.listeners.map(row))));
  }

  function section(broker) {
    const facts = [broker.place, broker.cluster ? 'cluster ' + broker.cluster : null].filter(Boolean).join(', ');
    const known = broker.asked_seconds_ago !== null;
    return el('section', { class: 'dt-broker' },
      el('h2', { class: 'dt-broker-name', text: broker.name }),
      facts ? el('p', { class: 'dt-secondary', text: facts }) : null,
      broker.problem ? el('div', { class: 'jenkins-alert jenkins-alert-danger', text: broker.problem }) : null,
      known && !broker.problem ? el('p', { text: totals(broker) }) : null,
      !known ? el('p', { class: 'dt-secondary', text: 'Asking who is there \u2026' }) : null,
      known && !broker.problem && broker.listeners.length === 0 ? el('p', {},
        'On each machine that is to run tests, start ', el('code', { text: 'distributed-test listen' }), ' with this broker.') : null,
      broker.listeners.length > 0 ? table(broker) : null);
  }

  function follow(root) {
    const status = statusLine();
    const place = el('div', {});
    let asking = false;
    root.replaceChildren(status.element, place);
    keepAsking(status, async () => {
      const answer = asking ? await ask(root.dataset.dtListeners + 'data') : await ask(root.dataset.dtListeners + 'refresh', 'POST');
      asking = answer.brokers.some((broker) => broker.asking);
      const configure = root.dataset.dtConfigure;
      const fresh = el('div', {}, answer.brokers.length > 0 ? answer.brokers.map(section)
        : el('p', {}, 'No broker is configured.', configure ? [' ', el('a', { href: configure, text: 'Configure one.' })] : null));
      const selection = document.getSelection();
      if (!place.isEqualNode(fresh) && (selection.isCollapsed || !place.contains(selection.anchorNode))) {
        place.replaceChildren(...fresh.childNodes);
      }
      if (answer.brokers.length > 0) {
        status.show('live', 'Live', ' as of ' + clock(new Date()));
      }
      return asking ? WHILE_ASKING : OTHERWISE;
    });
  }

  /** The part about what Jenkins runs itself: its HTML is asked for again, and put in place where it says something new. */
  function followOwn(root) {
    const status = statusLine();
    root.before(status.element);
    keepAsking(status, async () => {
      const text = await ask(root.dataset.dtOwn, 'GET', 'text/html');
      const fresh = new DOMParser().parseFromString(text, 'text/html').body;
      const selection = document.getSelection();
      if (root.innerHTML.trim() !== fresh.innerHTML.trim() && (selection.isCollapsed || !root.contains(selection.anchorNode))) {
        root.replaceChildren(...fresh.childNodes);
      }
      status.show('', '');
      return OWN;
    });
  }

  function start() {
    document.querySelectorAll('[data-dt-own]').forEach(followOwn);
    document.querySelectorAll('[data-dt-listeners]').forEach(follow);
  }

  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', start);
  } else {
    start();
  }
})();
