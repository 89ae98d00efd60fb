import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Remote, patiently } from '../lib/remote.mjs';

test('gives up in the end', async () => {
  const remote = new Remote(150, 9);
  await assert.rejects(patiently(remote, 'prices', 3), /unavailable/);
  assert.equal(remote.calls, 3);
});
