// Runs files by the project's own Playwright, one after the other: `playwright test` is started for each, with a pattern
// that this file alone fits and a reporter of ours. What Playwright does around a file (global setup, web servers, projects
// that others depend on, browsers, retries) is its own, and its exit code says whether the file is well.
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { config, control, cut, leave, say, shown, tellNotes } from './protocol.mjs';
import { exactly, notesOf, parted, placesIn, Playwright, serversOf } from './playwright_project.mjs';

process.env.CI ??= 'true';

const asked = parted(config.args);
const { options, filters, has } = asked;
let playwright;
let notes = []; // for the output of the first file
let base; // the directory for what tests leave

async function run(number, file) {
  tellNotes(notes);
  const path = resolve(file);
  const wrong = [];
  let exit = {};
  let cases = 0;
  let bad = false;
  let ended = false;
  const heard = (event) => {
    if (event.case) {
      const { groups, exit: how, ...told } = event.case;
      cases++;
      bad ||= told.status === 'failed' || told.status === 'error';
      exit = how ?? exit;
      const texts = Object.fromEntries(Object.entries(told).map(([key, value]) => [key, typeof value === 'string' ? cut(value) : value]));
      say({ case: { id: number, class: cut(groups.join(' > ')) || file, ...texts } });
    } else if (event.error) {
      wrong.push(event.error);
    }
    ended ||= 'end' in event;
  };
  const { code, signal } = await playwright.run(argumentsFor(path, file), path, heard);
  if (signal) {
    exit = { code: null, signal };
    wrong.unshift(`Playwright's process ended: killed by signal ${signal.replace(/^SIG/, '')}.`);
  } else if (!ended) {
    wrong.unshift(`Playwright's process ended with exit code ${code} before the end of its tests.`);
  } else if (code !== 0 && !bad && wrong.length === 0) {
    wrong.push(`Playwright holds the file for failed (exit code ${code}), and does not say why.`);
  }
  const well = code === 0 && ended;
  const none = well && cases === 0 ? ['Playwright has no tests in it, by its configuration (testDir, testMatch, grep).'] : [];
  done(number, well, [...wrong, ...none], well ? {} : exit);
}

function argumentsFor(path, file) {
  const args = [...options, '--pass-with-no-tests', `--output=${join(base, file.replace(/[^\w.]+/g, '-'))}`];
  if (!has('-j', '--workers')) {
    args.push('--workers=1'); // files are run side by side by the slots
  }
  return [...args, ...placesIn(path, filters).map((place) => exactly(path) + place)];
}

function done(number, well, wrong, { code, signal }) {
  const how = signal ? { signal, code: 128 + (constants.signals[signal] ?? 0) } : code > 0 ? { code } : {};
  say({ done: number, status: well ? 'passed' : 'failed', message: cut(wrong.join('\n\n')), ...how });
}

control.on('message', async (message) => {
  if (message.quit) {
    playwright?.close();
    leave(0);
  }
  try {
    await run(message.run, message.file);
  } catch (error) {
    done(message.run, false, [`The runner failed: ${shown(error)}`], {});
  }
});

try {
  playwright = new Playwright(process.cwd(), process.execArgv);
  const settings = await playwright.settings(options);
  const given = options.findIndex((each) => /^--output(=|$)/.test(each));
  const output = given < 0 ? settings.output : options[given].includes('=') ? options[given].replace('--output=', '') : options[given + 1];
  base = resolve(output ?? 'test-results');
  notes = notesOf(settings, asked);
  say({ ready: true, servers: serversOf(settings) });
} catch (error) {
  playwright?.close();
  say({ error: error.message, callback: false }, true);
  leave(1);
}
