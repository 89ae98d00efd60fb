import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, split } from '../lib/currency.mjs';

test('loses nothing', () => {
  for (let n = 1; n < 60; n += 1) {
    assert.equal(split(1000, n).reduce((a, b) => a + b), 1000);
  }
});

test('is fair', () => {
  const parts = split(100, 7);
  assert.ok(Math.max(...parts) - Math.min(...parts) <= 1);
});

test('refuses nonsense', () => {
  assert.throws(() => split(100, 0), RangeError);
});
