import assert from 'node:assert/strict';
import { test } from 'node:test';
import { qrText } from './share-commands.ts';

test('a QR code is half blocks in a square, with its text below', () => {
  const link = 'https://home.example/home/add#device=lamp%40home.example&code=D30A2-QXT9Q';
  const lines = qrText(link).trim().split('\n');
  assert.equal(lines.at(-1), link);
  const code = lines.slice(0, -1);
  assert.ok(code.every((line) => /^[ █▀▄]+$/.test(line)));
  const [width] = code.map((line) => line.length);
  assert.ok(code.every((line) => line.length === width));
  assert.equal(code.length, Math.ceil(width! / 2));
});
