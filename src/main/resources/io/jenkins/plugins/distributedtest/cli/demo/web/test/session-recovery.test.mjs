import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Remote, patiently } from '../lib/remote.mjs';

test('answers after all', async () => {
  const remote = new Remote(350, 3);
  assert.equal(await patiently(remote, 'session-recovery', 4), 'session-recovery: yes');
  assert.equal(remote.calls, 4);
});
