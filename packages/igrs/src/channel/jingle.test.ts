import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientContext, serialiseXml, xml } from '@yaolian/xmpp';
import fc from 'fast-check';
import type { IceDescription } from './ice-description.ts';
import { decodeJingle, encodeJingle, type JingleMessage } from './jingle.ts';
import { decodeSdp, encodeSdp } from './sdp.ts';

const description: IceDescription = {
  ufrag: '8hhy',
  pwd: 'asd88fgpdd777uzjYhagZg',
  fingerprint: { hash: 'sha-256', value: Array.from({ length: 32 }, (_, index) => `${10 + index}`).join(':') },
  setup: 'actpass',
  sctpPort: 5000,
  candidates: [
    { foundation: '1', component: 1, protocol: 'udp', priority: 2130706431, ip: '10.0.1.1', port: 8998, type: 'host' },
    {
      foundation: '2',
      component: 1,
      protocol: 'udp',
      priority: 1694498815,
      ip: '192.0.2.3',
      port: 45664,
      type: 'srflx',
    },
  ],
};

const initiate: JingleMessage = {
  action: 'session-initiate',
  sid: 'a73sjjvkla37jfea',
  channel: 'web',
  transport: { kind: 'ice', description },
};

describe('Jingle', () => {
  it('XEP-0166, 0176, 0320, 0343: a session is asked for', () => {
    const asked = xml`<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='a73sjjvkla37jfea'>
      <content creator='initiator' name='channel'>
        <description xmlns='urn:yaolian:ra:1:channel' name='web'/>
        <transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' pwd='asd88fgpdd777uzjYhagZg' ufrag='8hhy'>
          <fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' setup='actpass'>${description.fingerprint.value}</fingerprint>
          <sctpmap xmlns='urn:xmpp:jingle:transports:dtls-sctp:1' number='5000' protocol='webrtc-datachannel' streams='1024'/>
          <candidate component='1' foundation='1' generation='0' id='el0747fg11' ip='10.0.1.1' network='1' port='8998' priority='2130706431' protocol='udp' type='host'/>
          <candidate component='1' foundation='2' generation='0' id='y3s2b30v3r' ip='192.0.2.3' network='1' port='45664' priority='1694498815' protocol='udp' rel-addr='10.0.1.1' rel-port='8998' type='srflx'/>
        </transport>
      </content>
    </jingle>`;
    assert.deepEqual(decodeJingle(asked), initiate);
  });

  it('what is encoded is what is decoded', () => {
    const accept: JingleMessage = {
      action: 'session-accept',
      sid: 's',
      transport: { kind: 'in-band', sid: 's', blockSize: 4096 },
    };
    const others: JingleMessage[] = [
      { action: 'session-info', sid: 's', isEnd: true },
      { action: 'session-terminate', sid: 's', reason: 'connectivity-error' },
    ];
    for (const message of [initiate, accept, ...others]) assert.deepEqual(decodeJingle(encodeJingle(message)), message);
  });

  const spoilt: readonly (readonly [string, Partial<IceDescription> | Record<string, unknown>])[] = [
    ['a ufrag that is too short', { ufrag: 'abc' }],
    ['a line break in the password', { pwd: 'asd88fgpdd777uzjYhagZg\r\na=x' }],
    ['a fingerprint that is none', { fingerprint: { hash: 'sha-256', value: 'AB' } }],
    ['a hash that is broken', { fingerprint: { hash: 'md5', value: description.fingerprint.value } }],
    ['another setup', { setup: 'holdconn' }],
    ['port 70000', { candidates: [{ ...description.candidates[0]!, port: 70000 }] }],
    ['an address with a space', { candidates: [{ ...description.candidates[0]!, ip: '10.0.0.1 x' }] }],
    ['33 candidates', { candidates: Array.from({ length: 33 }, () => description.candidates[0]!) }],
  ];
  for (const [what, part] of spoilt) {
    it(`does not take ${what}`, () => {
      const transport = { kind: 'ice', description: { ...description, ...part } as IceDescription } as const;
      assert.equal(decodeJingle(encodeJingle({ ...initiate, transport })), undefined);
    });
  }

  it('never throws at attributes of any text', () => {
    const names = ['action', 'sid', 'ufrag', 'pwd', 'port', 'ip'];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.string()), (attributes) => {
        decodeJingle(encodeJingle(initiate).with(attributes));
      }),
    );
  });

  it('says in SDP what it says in XML', () => {
    const sdp = encodeSdp(description);
    assert.deepEqual(decodeSdp(sdp), description);
    assert.ok(sdp.includes('m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n'));
    assert.ok(serialiseXml(encodeJingle(initiate), clientContext).includes('8998'));
    assert.equal(decodeSdp('v=0'), undefined);
  });
});
