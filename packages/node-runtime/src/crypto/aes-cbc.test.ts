import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHex, encodeHex } from '@yaolian/kernel';
import { cbcCrypto } from './aes-cbc.ts';

const hex = (text: string) => decodeHex(text)!;
const key = hex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4');
const iv = hex('000102030405060708090a0b0c0d0e0f');
const plaintext = hex('6bc1bee22e409f96e93d7e117393172a');

test('the first block is that of NIST SP 800-38A F.2.5, and padding is added and taken away', () => {
  const encrypted = cbcCrypto.encryptAes256Cbc(key, iv, plaintext);
  assert.equal(encodeHex(encrypted.subarray(0, 16)), 'f58c4c04d6e5f1ba779eabfb5f7bfbd6');
  assert.equal(encrypted.length, 32);
  assert.deepEqual(cbcCrypto.decryptAes256Cbc(key, iv, encrypted), plaintext);
});

test('what has wrong length or padding is nothing', () => {
  assert.equal(cbcCrypto.decryptAes256Cbc(key, iv, new Uint8Array(15)), undefined);
  const encrypted = cbcCrypto.encryptAes256Cbc(key, iv, plaintext);
  assert.equal(cbcCrypto.decryptAes256Cbc(key, iv, encrypted.subarray(0, 16)), undefined);
});

test('SHA-256 of nothing', () => {
  assert.equal(
    encodeHex(cbcCrypto.sha256(new Uint8Array(0))),
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
});
