/*
 * Asks the controller again and again: not while the page is hidden, less and less often while it does not answer, and
 * no more when it says no for good. A line on the page says how that stands.
 */
(function () {
  'use strict';
  const own = window.distributedTest;
  const { el } = own;

  const PATIENCE = 60000;
  const LONGEST_WAIT = 60;
  /** What the controller says no to for good. */
  class Refused extends Error {}

  /** Asks for JSON. @param method GET, or POST with the crumb that Jenkins wants @param type text/html for that, as text */
  async function ask(url, method, type) {
    const headers = { Accept: type || 'application/json' };
    const { crumbHeader, crumbValue } = document.head.dataset;
    if (method === 'POST' && crumbHeader) {
      headers[crumbHeader] = crumbValue;
    }
    const response = await fetch(url, {
      method: method || 'GET', headers, credentials: 'same-origin', cache: 'no-store', redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.type === 'opaqueredirect' || response.status === 401 || response.status === 403) {
      throw new Refused('You are signed out or may no longer see this. Sign in and load the page again.');
    }
    if (response.status === 404 || response.status === 410) {
      throw new Refused('This is gone.');
    }
    if (!response.ok) {
      throw new Error('HTTP ' + response.status);
    }
    return type ? response.text() : response.json();
  }

  /** The line above that says whether what is seen is live. Screen readers hear it only when it changes in kind. */
  function statusLine() {
    const words = el('span', { role: 'status' });
    const detail = el('span', { class: 'dt-muted' });
    const button = el('button', { type: 'button', class: 'jenkins-button dt-again', text: 'Try now', hidden: true });
    const element = el('p', { class: 'dt-live', hidden: true }, words, detail, button);
    return {
      element,
      show(kind, text, more, again) {
        element.hidden = !text;
        element.className = 'dt-live dt-live-' + kind;
        if (words.textContent !== text) {
          words.textContent = text;
        }
        detail.textContent = more || '';
        button.hidden = !again;
        button.onclick = again || null;
      },
    };
  }

  const clock = (time) => time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });

  /**
   * Asks again and again.
   * @param status the status line
   * @param question gives a promise of seconds until the next question, or of null when there is none
   */
  function keepAsking(status, question) {
    let timer = 0;
    let failures = 0;
    let ended = false;
    let busy = false;
    let due = false;
    let last = null;

    function later(wait) {
      window.clearTimeout(timer);
      timer = window.setTimeout(now, wait * 1000);
    }

    async function now() {
      if (ended || busy) {
        return;
      }
      if (document.hidden && last !== null) {
        due = true;
        return;
      }
      window.clearTimeout(timer);
      busy = true;
      due = false;
      try {
        const wait = await question();
        failures = 0;
        last = new Date();
        ended = wait === null;
        if (!ended) {
          later(wait);
        }
      } catch (problem) {
        failed(problem);
      } finally {
        busy = false;
      }
    }

    function failed(problem) {
      if (problem instanceof Refused) {
        ended = true;
        status.show('bad', problem.message);
        return;
      }
      failures++;
      const wait = Math.min(LONGEST_WAIT, 2 ** failures);
      status.show('bad', 'Jenkins does not answer.', (last ? ' What you see is from ' + clock(last) + '.' : '')
        + ' Trying again in ' + wait + ' s.', now);
      later(wait);
    }

    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && due) {
        now();
      }
    });
    now();
  }

  own.asking = { ask, statusLine, keepAsking, clock };
})();
