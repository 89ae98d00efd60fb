import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(7437, 67).length, 67);
  assert.equal(split(7437, 67).reduce((a, b) => a + b), 7437);
});

test('remembers', () => {
  const cache = new Cache(67);
  for (let i = 0; i < 201; i += 1) cache.set(`gift-cards-${i}`, i);
  assert.equal(cache.get('gift-cards-0'), undefined);
  assert.equal(cache.get('gift-cards-200'), 200);
});

test('asks the service', async () => {
  assert.equal(await new Remote(137).ask('gift-cards'), 'gift-cards: yes');
});
