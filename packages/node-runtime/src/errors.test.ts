import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { test } from 'node:test';
import { openError, SystemCallError, systemErrorCode } from './errors.ts';

const { EACCES, EADDRINUSE, EADDRNOTAVAIL, EMSGSIZE, ENOBUFS, EPERM } = constants.errno;

test('a refused system call reads as Node’s own errors do', () => {
  const error = new SystemCallError('sendmmsg', EMSGSIZE);
  assert.deepEqual([error.code, error.errno, error.syscall], ['EMSGSIZE', EMSGSIZE, 'sendmmsg']);
  assert.match(error.message, /^sendmmsg: .+ \(EMSGSIZE\)$/);
});

test('the reason why a socket does not open has a code of ours, and the system’s as its cause', () => {
  const codes = new Map([
    [EADDRINUSE, 'UDP_ADDRESS_IN_USE'],
    [EADDRNOTAVAIL, 'UDP_ADDRESS_UNAVAILABLE'],
    [EACCES, 'UDP_ACCESS_DENIED'],
    [EPERM, 'UDP_ACCESS_DENIED'],
    [ENOBUFS, 'UDP_OPEN_FAILED'],
  ]);
  for (const [errno, code] of codes) {
    const cause = new SystemCallError('bind', errno);
    const error = openError('127.0.0.1:53', cause);
    assert.equal(systemErrorCode(error), code);
    assert.equal(error.cause, cause);
    assert.match(error.message, /127\.0\.0\.1:53/);
  }
});

test('an error without a code is named by its message', () => {
  assert.equal(systemErrorCode(new Error('why')), 'why');
  assert.equal(systemErrorCode('why'), 'why');
});
