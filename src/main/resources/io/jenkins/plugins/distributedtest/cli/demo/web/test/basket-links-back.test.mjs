import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, write } from '../lib/query.mjs';

test('reads what it wrote', () => {
  for (const values of [{ a: 'x&y' }, { a: ['1', '2'], b: '=' }, {}]) {
    assert.deepEqual(parse(write(values)), values);
  }
});
