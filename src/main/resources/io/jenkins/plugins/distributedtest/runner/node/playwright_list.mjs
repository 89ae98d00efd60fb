// Writes the files that the project's own `playwright test` would run, and what people should know of such a run, as JSON to
// the file that is named first. Playwright loads the files for that, and runs no test.
import { writeFileSync } from 'node:fs';
import { escaped, notesOf, parted, Playwright } from './playwright_project.mjs';

const MOST_ROUNDS = 5;

const [target, ...args] = process.argv.slice(2);
process.env.CI ??= 'true';
const asked = parted(args);
const { options, filters } = asked;
const playwright = new Playwright(process.cwd(), process.execArgv);

// Playwright lists nothing when a file does not load: such a file is one of the suite, and left out of the next list.
async function list() {
  const broken = new Set();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const files = new Set();
    const errors = [];
    const heard = (event) => {
      (event.files ?? []).forEach((each) => files.add(each));
      if (event.error) {
        errors.push(event);
      }
    };
    const { code, said } = await playwright.run(
      [...options, '--list', '--pass-with-no-tests', ...(broken.size > 0 ? without(broken) : filters)],
      null,
      heard,
      true,
    );
    const fresh = errors.map(({ file }) => file).filter((file) => file && !broken.has(file));
    if (code === 0) {
      return [...files, ...broken];
    }
    if (fresh.length === 0) {
      throw new Error([...errors.map(({ error }) => error), said.trim()].filter(Boolean).join('\n'));
    }
    fresh.forEach((each) => broken.add(each));
  }
  throw new Error(`These do not load: ${[...broken].join(', ')}`);
}

function without(files) {
  const left = [...files].map(escaped).join('|');
  const wanted = filters.map((each) => /^\/(.*)\/[gi]*$/s.exec(each)?.[1] ?? each).join('|');
  return [`/^(?!(?:${left})$)(?=.*(?:${wanted})).*$/gi`];
}

try {
  const settings = await playwright.settings(options);
  const files = await list();
  writeFileSync(target, JSON.stringify({
    files: [...new Set(files)].sort(),
    notes: notesOf(settings, asked),
    passesWithoutTests: asked.asks('--pass-with-no-tests'),
  }));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  playwright.close();
}
