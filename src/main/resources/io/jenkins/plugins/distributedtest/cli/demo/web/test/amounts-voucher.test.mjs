import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, split } from '../lib/currency.mjs';

test('is split fairly', () => {
  assert.deepEqual(split(10, 3), [3, 3, 4]);
});

test('is printed with its sign', () => {
  // Fails on purpose: the sign comes after the amount.
  assert.equal(format(995), '€ 9.95');
});
