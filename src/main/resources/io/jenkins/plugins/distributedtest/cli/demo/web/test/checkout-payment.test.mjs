import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(3552, 32).length, 32);
  assert.equal(split(3552, 32).reduce((a, b) => a + b), 3552);
});

test('remembers', () => {
  const cache = new Cache(32);
  for (let i = 0; i < 96; i += 1) cache.set(`checkout-payment-${i}`, i);
  assert.equal(cache.get('checkout-payment-0'), undefined);
  assert.equal(cache.get('checkout-payment-95'), 95);
});

test('asks the service', async () => {
  assert.equal(await new Remote(74).ask('checkout-payment'), 'checkout-payment: yes');
});
