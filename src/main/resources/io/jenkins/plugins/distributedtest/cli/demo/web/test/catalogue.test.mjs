import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(222, 2).length, 2);
  assert.equal(split(222, 2).reduce((a, b) => a + b), 222);
});

test('remembers', () => {
  const cache = new Cache(2);
  for (let i = 0; i < 6; i += 1) cache.set(`catalogue-${i}`, i);
  assert.equal(cache.get('catalogue-0'), undefined);
  assert.equal(cache.get('catalogue-5'), 5);
});

test('asks the service', async () => {
  assert.equal(await new Remote(20).ask('catalogue'), 'catalogue: yes');
});
