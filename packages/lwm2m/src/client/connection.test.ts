import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyBytes } from '@yaolian/kernel';
import { plainConnector, type ServerAccess, transportConnector } from './connection.ts';
import { SecurityMode } from './objects/security.ts';
import { TerminalWorld } from './testing/scripted-server.ts';

const access = (uri: string, securityMode: number = SecurityMode.NoSec): ServerAccess => ({
  uri,
  securityMode,
  publicKeyOrIdentity: emptyBytes,
  serverPublicKey: emptyBytes,
  secretKey: emptyBytes,
});

test('what a connector cannot do it says, with what is right', async () => {
  const plain = plainConnector(new TerminalWorld().server.endpoint);
  for (const [what, connector, message] of [
    [access('coaps://192.0.2.1'), plain, /security mode 3; it takes PreSharedKey/],
    [access('coap://192.0.2.1', SecurityMode.PreSharedKey), plain, /security mode 0; NoSec does/],
    [access('coaps://192.0.2.1', SecurityMode.PreSharedKey), plain, /takes openSecureDatagrams for that/],
    [access('coap+tcp://192.0.2.1'), plain, /takes openStreams for that/],
    [access('coap://192.0.2.1'), transportConnector({}), /takes datagrams for that/],
    [access('coap://dm.example'), plain, /host names need a resolver, which plainConnector/],
    [access('dm.example'), plain, /cannot connect to dm\.example: /],
  ] as const) {
    const refused = connector.connect(what, new AbortController().signal);
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof Error && 'code' in error && error.code === 'LWM2M_CLIENT_CANNOT_CONNECT');
      assert.match(error.message, message);
      return true;
    });
  }
});
