import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(6327, 57).length, 57);
  assert.equal(split(6327, 57).reduce((a, b) => a + b), 6327);
});

test('remembers', () => {
  const cache = new Cache(57);
  for (let i = 0; i < 171; i += 1) cache.set(`emails-${i}`, i);
  assert.equal(cache.get('emails-0'), undefined);
  assert.equal(cache.get('emails-170'), 170);
});

test('asks the service', async () => {
  assert.equal(await new Remote(119).ask('emails'), 'emails: yes');
});
