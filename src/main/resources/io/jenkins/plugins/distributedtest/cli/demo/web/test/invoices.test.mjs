import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(9102, 82).length, 82);
  assert.equal(split(9102, 82).reduce((a, b) => a + b), 9102);
});

test('remembers', () => {
  const cache = new Cache(82);
  for (let i = 0; i < 246; i += 1) cache.set(`invoices-${i}`, i);
  assert.equal(cache.get('invoices-0'), undefined);
  assert.equal(cache.get('invoices-245'), 245);
});

test('asks the service', async () => {
  assert.equal(await new Remote(164).ask('invoices'), 'invoices: yes');
});
