import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(4107, 37).length, 37);
  assert.equal(split(4107, 37).reduce((a, b) => a + b), 4107);
});

test('remembers', () => {
  const cache = new Cache(37);
  for (let i = 0; i < 111; i += 1) cache.set(`customers-${i}`, i);
  assert.equal(cache.get('customers-0'), undefined);
  assert.equal(cache.get('customers-110'), 110);
});

test('asks the service', async () => {
  assert.equal(await new Remote(83).ask('customers'), 'customers: yes');
});
