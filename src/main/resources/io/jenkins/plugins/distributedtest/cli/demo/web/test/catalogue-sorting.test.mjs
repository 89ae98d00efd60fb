import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(1887, 17).length, 17);
  assert.equal(split(1887, 17).reduce((a, b) => a + b), 1887);
});

test('remembers', () => {
  const cache = new Cache(17);
  for (let i = 0; i < 51; i += 1) cache.set(`catalogue-sorting-${i}`, i);
  assert.equal(cache.get('catalogue-sorting-0'), undefined);
  assert.equal(cache.get('catalogue-sorting-50'), 50);
});

test('asks the service', async () => {
  assert.equal(await new Remote(47).ask('catalogue-sorting'), 'catalogue-sorting: yes');
});
