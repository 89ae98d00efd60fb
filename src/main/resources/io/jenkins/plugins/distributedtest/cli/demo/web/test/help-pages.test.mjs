import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../lib/cache.mjs';
import { split } from '../lib/currency.mjs';
import { Remote } from '../lib/remote.mjs';

test('shares its total', () => {
  assert.equal(split(7992, 72).length, 72);
  assert.equal(split(7992, 72).reduce((a, b) => a + b), 7992);
});

test('remembers', () => {
  const cache = new Cache(72);
  for (let i = 0; i < 216; i += 1) cache.set(`help-pages-${i}`, i);
  assert.equal(cache.get('help-pages-0'), undefined);
  assert.equal(cache.get('help-pages-215'), 215);
});

test('asks the service', async () => {
  assert.equal(await new Remote(146).ask('help-pages'), 'help-pages: yes');
});
