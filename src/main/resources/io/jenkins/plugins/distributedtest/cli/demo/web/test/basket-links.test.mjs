import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, write } from '../lib/query.mjs';

test('reads a query', () => {
  assert.deepEqual(parse('a=1&b=x%20y'), { a: '1', b: 'x y' });
});

test('collects repeated keys', () => {
  assert.deepEqual(parse('id=1&id=2&id=3'), { id: ['1', '2', '3'] });
});

test('writes in order', () => {
  assert.equal(write({ b: 2, a: [1, 'ü'] }), 'a=1&a=%C3%BC&b=2');
});
