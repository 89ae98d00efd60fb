import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(4662, 42).length, 42);
  assert.equal(split(4662, 42).reduce((a, b) => a + b), 4662);
});

test('remembers', () => {
  const cache = new Cache(42);
  for (let i = 0; i < 126; i += 1) cache.set(`customers-login-${i}`, i);
  assert.equal(cache.get('customers-login-0'), undefined);
  assert.equal(cache.get('customers-login-125'), 125);
});

test('asks the service', async () => {
  assert.equal(await new Remote(92).ask('customers-login'), 'customers-login: yes');
});
