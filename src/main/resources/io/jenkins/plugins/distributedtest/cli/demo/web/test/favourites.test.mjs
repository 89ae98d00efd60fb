import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(6882, 62).length, 62);
  assert.equal(split(6882, 62).reduce((a, b) => a + b), 6882);
});

test('remembers', () => {
  const cache = new Cache(62);
  for (let i = 0; i < 186; i += 1) cache.set(`favourites-${i}`, i);
  assert.equal(cache.get('favourites-0'), undefined);
  assert.equal(cache.get('favourites-185'), 185);
});

test('asks the service', async () => {
  assert.equal(await new Remote(128).ask('favourites'), 'favourites: yes');
});
