import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';

test('keeps what was used last', () => {
  const cache = new Cache(2);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.get('a');
  cache.set('c', 3);
  assert.equal(cache.get('b'), undefined);
  assert.equal(cache.get('a'), 1);
});

test('never grows over its limit', () => {
  const cache = new Cache(10);
  for (let i = 0; i < 1000; i += 1) cache.set(i, i);
  assert.equal(cache.size, 10);
});
