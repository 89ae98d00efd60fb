import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, write } from '../lib/query.mjs';

test('survives an empty query', () => {
  assert.deepEqual(parse(''), {});
});

test('names the key that is missing', () => {
  // Fails on purpose: a key without a value is an empty text.
  assert.throws(() => parse('key'), /key has no value/);
});
