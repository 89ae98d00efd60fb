import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Remote, patiently } from '../lib/remote.mjs';

test('answers after all', async () => {
  const remote = new Remote(600, 1);
  assert.equal(await patiently(remote, 'server-rendering', 2), 'server-rendering: yes');
  assert.equal(remote.calls, 2);
});
