import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(2442, 22).length, 22);
  assert.equal(split(2442, 22).reduce((a, b) => a + b), 2442);
});

test('remembers', () => {
  const cache = new Cache(22);
  for (let i = 0; i < 66; i += 1) cache.set(`checkout-${i}`, i);
  assert.equal(cache.get('checkout-0'), undefined);
  assert.equal(cache.get('checkout-65'), 65);
});

test('asks the service', async () => {
  assert.equal(await new Remote(56).ask('checkout'), 'checkout: yes');
});
