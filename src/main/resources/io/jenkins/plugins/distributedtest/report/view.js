/*
 * Shows one run. renderRun(root, data) fills the element root from data, the run's JSON report (version 1, see
 * docs/json-report.md). Called again with newer data of the same run it changes what is new and leaves the rest alone:
 * what is open, sorted, filtered, zoomed, selected or has the focus stays so, so that a page can follow a live run.
 */
(function () {
  'use strict';
  const own = window.distributedTest;
  const { el, arrange, count, section, timeline, filesTable } = own;
  const views = new WeakMap();

  const FOCUSABLE = 'a, button, input, select, summary, [tabindex]';
  const FILE = '#file-';

  /** The old element where it says the same or somebody selects text in it; else the new one in its place. */
  function newer(old, fresh) {
    if (!old || !fresh) {
      return fresh;
    }
    const selection = document.getSelection();
    if (old.isEqualNode(fresh) || (!selection.isCollapsed && old.contains(selection.anchorNode))) {
      return old;
    }
    const focus = old.contains(document.activeElement)
      ? [...old.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement) : -1;
    old.replaceWith(fresh);
    const again = focus < 0 ? null : fresh.querySelectorAll(FOCUSABLE)[focus];
    if (again) {
      again.focus({ preventScroll: true });
    }
    return fresh;
  }

  function makeView(root, first, options) {
    const stop = new AbortController();
    const table = filesTable(first);
    const line = timeline(first, (one) => table.show({ text: one.path, file: one }), stop.signal);
    const legendPlace = el('div', {});
    const timelineSection = section('dt-timeline', 'Timeline', null, line.controls, legendPlace, line.body);
    const filesSection = section('dt-files', 'Files', count(first.totals.files), null, table.element);
    const failures = own.folds('dt-failures', 'Failures', 3);
    const flaky = own.folds('dt-flaky', 'Flaky', 0);
    const main = el(options.embedded ? 'div' : 'main', { class: 'dt-main' });
    const made = {};
    let data = first;

    const again = (name, fresh) => (made[name] = newer(made[name], fresh));

    function draw() {
      arrange(legendPlace, [again('legend', own.legend(data))]);
      const sections = [failures(data.files.filter(own.isBad)), flaky(data.files.filter((one) => one.outcome === 'flaky')),
        again('unfinished', own.unfinishedSection(data, table.show)), again('wall', own.wallTime(data)), timelineSection, filesSection, again('listeners', own.listeners(data))].filter(Boolean);
      arrange(main, [again('summary', own.summary(data, table.show)), ...sections]);
      arrange(root, [again('header', own.header(data, options.embedded)), again('navigation', own.navigation(sections)), main]);
    }

    /** What the address leads to: a file, or a part of the page that was not there when the browser looked for it. */
    function followAddress() {
      const hash = window.location.hash;
      if (hash.startsWith(FILE)) {
        let path = hash.slice(FILE.length);
        try {
          path = decodeURIComponent(path);
        } catch (malformed) {
          // Then it is taken as it stands.
        }
        const file = data.files.find((one) => one.path === path);
        if (file) {
          table.show({ text: path, file });
        }
        return;
      }
      const part = hash.length > 1 ? document.getElementById(hash.slice(1)) : null;
      if (part && root.contains(part)) {
        part.scrollIntoView({ block: 'start' });
      }
    }

    root.classList.add('dt-run');
    root.classList.toggle('dt-embedded', Boolean(options.embedded));
    root.replaceChildren();
    draw();
    followAddress();
    window.addEventListener('hashchange', followAddress, { signal: stop.signal });
    return {
      runId: first.run_id,
      stop: () => stop.abort(),
      update(newest) {
        data = newest;
        table.update(data);
        line.update(data);
        draw();
      },
    };
  }

  /**
   * Shows a run.
   * @param root the element to fill; what it holds is replaced
   * @param data the run's JSON report. Files that did not change since the last call are best the same objects
   * @param options embedded: whether root is part of a page that has a main element and a heading of its own
   */
  function renderRun(root, data, options) {
    if (data.version !== 1) {
      throw new Error('This page shows version 1 of the report, not ' + data.version);
    }
    const view = views.get(root);
    if (view && view.runId === data.run_id) {
      view.update(data);
      return;
    }
    if (view) {
      view.stop();
    }
    views.set(root, makeView(root, data, options || {}));
  }

  Object.assign(own, { renderRun });
})();
