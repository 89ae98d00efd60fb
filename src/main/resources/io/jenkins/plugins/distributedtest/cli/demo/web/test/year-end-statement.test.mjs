import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Remote, patiently } from '../lib/remote.mjs';

test('adds up twelve months', async () => {
  let yes = 0;
  for (let month = 1; month <= 12; month += 1) {
    yes += (await new Remote(240).ask(month)) === `${month}: yes` ? 1 : 0;
  }
  assert.equal(yes, 12);
});
