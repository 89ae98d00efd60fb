import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(5217, 47).length, 47);
  assert.equal(split(5217, 47).reduce((a, b) => a + b), 5217);
});

test('remembers', () => {
  const cache = new Cache(47);
  for (let i = 0; i < 141; i += 1) cache.set(`delivery-${i}`, i);
  assert.equal(cache.get('delivery-0'), undefined);
  assert.equal(cache.get('delivery-140'), 140);
});

test('asks the service', async () => {
  assert.equal(await new Remote(101).ask('delivery'), 'delivery: yes');
});
