import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(8547, 77).length, 77);
  assert.equal(split(8547, 77).reduce((a, b) => a + b), 8547);
});

test('remembers', () => {
  const cache = new Cache(77);
  for (let i = 0; i < 231; i += 1) cache.set(`images-${i}`, i);
  assert.equal(cache.get('images-0'), undefined);
  assert.equal(cache.get('images-230'), 230);
});

test('asks the service', async () => {
  assert.equal(await new Remote(155).ask('images'), 'images: yes');
});
