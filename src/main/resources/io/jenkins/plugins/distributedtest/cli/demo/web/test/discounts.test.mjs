import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(5772, 52).length, 52);
  assert.equal(split(5772, 52).reduce((a, b) => a + b), 5772);
});

test('remembers', () => {
  const cache = new Cache(52);
  for (let i = 0; i < 156; i += 1) cache.set(`discounts-${i}`, i);
  assert.equal(cache.get('discounts-0'), undefined);
  assert.equal(cache.get('discounts-155'), 155);
});

test('asks the service', async () => {
  assert.equal(await new Remote(110).ask('discounts'), 'discounts: yes');
});
