import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(1332, 12).length, 12);
  assert.equal(split(1332, 12).reduce((a, b) => a + b), 1332);
});

test('remembers', () => {
  const cache = new Cache(12);
  for (let i = 0; i < 36; i += 1) cache.set(`catalogue-pages-${i}`, i);
  assert.equal(cache.get('catalogue-pages-0'), undefined);
  assert.equal(cache.get('catalogue-pages-35'), 35);
});

test('asks the service', async () => {
  assert.equal(await new Remote(38).ask('catalogue-pages'), 'catalogue-pages: yes');
});
