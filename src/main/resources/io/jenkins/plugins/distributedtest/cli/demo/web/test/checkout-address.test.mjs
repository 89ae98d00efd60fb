import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(2997, 27).length, 27);
  assert.equal(split(2997, 27).reduce((a, b) => a + b), 2997);
});

test('remembers', () => {
  const cache = new Cache(27);
  for (let i = 0; i < 81; i += 1) cache.set(`checkout-address-${i}`, i);
  assert.equal(cache.get('checkout-address-0'), undefined);
  assert.equal(cache.get('checkout-address-80'), 80);
});

test('asks the service', async () => {
  assert.equal(await new Remote(65).ask('checkout-address'), 'checkout-address: yes');
});
