import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Remote, patiently } from '../lib/remote.mjs';

test('answers after all', async () => {
  const remote = new Remote(300, 2);
  assert.equal(await patiently(remote, 'search-suppliers', 3), 'search-suppliers: yes');
  assert.equal(remote.calls, 3);
});
