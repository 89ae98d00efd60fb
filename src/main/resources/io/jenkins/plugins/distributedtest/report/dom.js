/*
 * Small helpers of the run's page: making elements, icons, and words for numbers.
 * Everything hangs on window.distributedTest; text only ever becomes text nodes, looks only classes or element.style,
 * so the page works under a content security policy without 'unsafe-inline'.
 */
(function () {
  'use strict';
  const own = (window.distributedTest = window.distributedTest || {});

  /** Makes an element: properties in lower case are attributes, `class`, `text` and `on` are what they say. */
  function el(name, properties, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties || {})) {
      if (value === null || value === undefined || value === false) {
        continue;
      } else if (key === 'class') {
        element.className = value;
      } else if (key === 'text') {
        element.textContent = value;
      } else if (key === 'on') {
        for (const [event, handler] of Object.entries(value)) {
          element.addEventListener(event, handler);
        }
      } else {
        element.setAttribute(key, value === true ? '' : value);
      }
    }
    element.append(...children.flat(2).filter((child) => child !== null && child !== undefined));
    return element;
  }

  /** Gives an element just these children. Those that are there already and in order are not touched. */
  function arrange(parent, children) {
    const wanted = new Set(children);
    for (const child of [...parent.children]) {
      if (!wanted.has(child)) {
        child.remove();
      }
    }
    children.forEach((child, index) => {
      if (parent.children[index] !== child) {
        parent.insertBefore(child, parent.children[index] || null);
      }
    });
  }

  /** What is shown of each outcome and status: a word, and a shape that can be told apart without color. */
  const KINDS = {
    passed: { word: 'passed', path: 'M3.5 8.5l3 3 6-7' },
    flaky: { word: 'flaky', path: 'M13 4v3.5H9.5M3 12V8.5h3.500M12.600 7A5 5 0 0 0 4 5.200M3.400 9a5 5 0 0 0 8.600 1.800' },
    no_tests: { word: 'no tests', path: 'M8 3.500a4.500 4.500 0 1 0 .01 0M5 11l6-6' },
    failed: { word: 'failed', path: 'M4 4l8 8M12 4l-8 8' },
    error: { word: 'error', path: 'M4 4l8 8M12 4l-8 8' },
    timed_out: { word: 'timed out', path: 'M8 4.500V8l2.500 1.500M8 2.200a5.800 5.800 0 1 0 .01 0' },
    crashed: { word: 'crashed', path: 'M9 1.800L4 9h3.600L7 14.200 12 7H8.400z' },
    unfinished: { word: 'no result', path: 'M4 8h8' },
    cancelled: { word: 'cancelled', path: 'M4 8h8' },
    lost: { word: 'lost with its listener', path: 'M4 8h2M10 8h2M8 3v2M8 11v2' },
    running: { word: 'running', path: 'M5 3.500l7 4.500-7 4.500z' },
    skipped: { word: 'skipped', path: 'M4 4l5 4-5 4zM12 4v8' },
  };

  /** What a file is shown as: what goes on tells more than what came of it before. */
  const kindOf = (file) => (file.running ? 'running' : file.outcome);

  const SVG = 'http://www.w3.org/2000/svg';

  function icon(kind) {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 16 16');
    svg.setAttribute('aria-hidden', 'true');
    svg.setAttribute('class', 'dt-icon');
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', KINDS[kind].path);
    svg.append(path);
    return svg;
  }

  /** A pill with icon and word for an outcome or a status. */
  function pill(kind, text) {
    return el('span', { class: 'dt-pill dt-is-' + kind }, icon(kind), el('span', { text: text || KINDS[kind].word }));
  }

  const pad = (number) => String(number).padStart(2, '0');

  /** Seconds for people; null and what is no number is a dash. */
  function seconds(value) {
    if (value === null || value === undefined || !Number.isFinite(value)) {
      return '\u2013';
    }
    if (value < 0.9995) {
      return value === 0 ? '0 s' : value.toFixed(3) + ' s';
    }
    if (value < 9.995) {
      return value.toFixed(2) + ' s';
    }
    if (value < 59.95) {
      return value.toFixed(1) + ' s';
    }
    const whole = Math.round(value);
    return whole < 3600
      ? Math.floor(whole / 60) + ' min ' + pad(whole % 60) + ' s'
      : Math.floor(whole / 3600) + ' h ' + pad(Math.floor((whole % 3600) / 60)) + ' min';
  }

  const count = (number) => number.toLocaleString('en');
  const plural = (number, word) => count(number) + ' ' + word + (number === 1 ? '' : 's');
  const percent = (part, whole) => (whole > 0 ? Math.round((100 * part) / whole) + ' %' : '');

  /** host/listener#slot, as everywhere in the program. */
  const workerName = (worker) => worker.host + '/' + worker.listener.slice(0, 8) + '#' + worker.slot;
  /** What a test is in, to stand before its name; nothing where that only says the name again, as of a file that is a test. */
  const groupOf = (test) => (test.class_name && test.class_name !== test.name ? test.class_name + ' \u203a ' : '');

  const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.)?/gs;
  const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

  /** Test output without terminal escape sequences. */
  const plain = (text) => text.replace(ESCAPES, '').replace(/\r\n?/g, '\n').replace(CONTROLS, '\ufffd');

  /** A command with a button that copies it. */
  function command(text) {
    const button = el('button', { type: 'button', class: 'dt-button dt-small', text: 'Copy' });
    const code = el('code', { text });
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = 'Copied';
      } catch (refused) {
        // Pages from a file may not use the clipboard; selecting leaves one key press to the reader.
        window.getSelection().selectAllChildren(code);
        button.textContent = 'Selected';
      }
      window.setTimeout(() => (button.textContent = 'Copy'), 2000);
    });
    return el('div', { class: 'dt-command' }, code, button);
  }

  Object.assign(own, { el, arrange, icon, pill, seconds, count, plural, percent, workerName, groupOf, plain, command, KINDS,
    kindOf });
})();
