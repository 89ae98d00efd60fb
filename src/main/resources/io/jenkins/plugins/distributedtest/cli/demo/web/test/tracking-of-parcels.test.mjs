import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Remote, patiently } from '../lib/remote.mjs';

test('answers after all', async () => {
  const remote = new Remote(800, 1);
  assert.equal(await patiently(remote, 'tracking-of-parcels', 2), 'tracking-of-parcels: yes');
  assert.equal(remote.calls, 2);
});
