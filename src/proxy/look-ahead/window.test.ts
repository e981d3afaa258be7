import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWindow } from './window.ts';
import type { Window } from './window.ts';

/** Begins as many as there is room for. */
function fill(window: Window): number {
  let begun = 0;
  for (; window.hasRoom; begun += 1) window.begin();
  return begun;
}

test('a window doubles with each round whose guesses came true, up to its limit', () => {
  const window = createWindow({ first: 4, most: 10 });
  assert.equal(fill(window), 4);
  for (let guess = 0; guess < 4; guess += 1) window.useful();
  assert.equal(fill(window), 8);
  for (let guess = 0; guess < 8; guess += 1) window.useful();
  assert.equal(fill(window), 10);
});

test('a window that is wrong again and again closes, and opens when requests come that it did not foresee', () => {
  const window = createWindow({ first: 4, most: 10 });
  const begun = [];
  for (let round = 0; round < 4; round += 1) {
    const count = fill(window);
    begun.push(count);
    window.wasted(count);
  }
  assert.deepEqual(begun, [4, 2, 1, 0]);
  for (let miss = 0; miss < 4; miss += 1) window.missed();
  assert.equal(fill(window), 1);
});

test('a window that grows by half wastes at most half as many as came true, and what it began with', () => {
  const window = createWindow({ first: 4, most: 100, growth: 0.5 });
  let begun = fill(window);
  for (let guess = 0; guess < 20; guess += 1) {
    window.useful();
    begun += fill(window);
  }
  assert.equal(begun, 4 + 20 + 10);
  window.widen(50);
  assert.equal(fill(window), 36);
  window.widen(10);
  assert.equal(fill(window), 0);
});

test('a guess that needed no fetch says nothing about the window', () => {
  const window = createWindow({ first: 1, most: 10 });
  assert.equal(fill(window), 1);
  window.over();
  assert.equal(fill(window), 1);
});
