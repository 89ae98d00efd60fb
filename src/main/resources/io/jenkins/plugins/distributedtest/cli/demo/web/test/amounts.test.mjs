import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, split } from '../lib/currency.mjs';

test('prints cents', () => {
  assert.equal(format(5), '0.05 €');
});

test('groups thousands', () => {
  assert.equal(format(123456789), '1 234 567.89 €');
});

test('knows other signs', () => {
  assert.equal(format(-100, '$'), '-1.00 $');
});
