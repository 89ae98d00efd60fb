import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(777, 7).length, 7);
  assert.equal(split(777, 7).reduce((a, b) => a + b), 777);
});

test('remembers', () => {
  const cache = new Cache(7);
  for (let i = 0; i < 21; i += 1) cache.set(`catalogue-filter-${i}`, i);
  assert.equal(cache.get('catalogue-filter-0'), undefined);
  assert.equal(cache.get('catalogue-filter-20'), 20);
});

test('asks the service', async () => {
  assert.equal(await new Remote(29).ask('catalogue-filter'), 'catalogue-filter: yes');
});
