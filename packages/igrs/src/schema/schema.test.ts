import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serialiseXml, xml } from '@yaolian/xmpp';
import { channelNamespace, raNamespaces } from '../namespaces.ts';
import { faultOfRaMessage, raSchemas } from './messages.ts';

test('every namespace of the RA has messages, and every message a schema', () => {
  assert.deepEqual(Object.keys(raSchemas).sort(), [channelNamespace, ...Object.values(raNamespaces)].sort());
  for (const [namespace, messages] of Object.entries(raSchemas)) assert.ok(Object.keys(messages).length > 0, namespace);
});

test('messages as the documentation writes them are of their schemas', () => {
  for (const payload of [
    xml`<bind xmlns='urn:yaolian:ra:1:binding' device='lamp@home.example' code='D30A2-QXT9Q' name='Attic'><group>up</group></bind>`,
    xml`<read xmlns='urn:yaolian:ra:1:data' path='/3303/0/5700'/>`,
    xml`<values xmlns='urn:yaolian:ra:1:data' time='2026-01-01T00:00:00.5Z'><value path='/3303/0/5700' type='float' unit='Cel'>21.5</value></values>`,
    xml`<grant xmlns='urn:yaolian:ra:1:permission' device='lamp@home.example' class='friend' feature='urn:oma:*' operations='read observe'/>`,
    xml`<granted xmlns='urn:yaolian:ra:1:push' device='lamp@d'><grant xmlns='urn:yaolian:ra:1:permission' account='bob@d' feature='*' operations='read'/></granted>`,
    xml`<other xmlns='urn:example:of-somebody-else' anything='goes'/>`,
  ]) {
    assert.equal(faultOfRaMessage(payload), undefined, serialiseXml(payload));
  }
});

test('what is wrong with a message is said', () => {
  for (const [payload, fault] of [
    [xml`<bend xmlns='urn:yaolian:ra:1:binding'/>`, 'urn:yaolian:ra:1:binding has no <bend/>'],
    [xml`<toString xmlns='urn:yaolian:ra:1:binding'/>`, 'urn:yaolian:ra:1:binding has no <toString/>'],
    [xml`<bind xmlns='urn:yaolian:ra:1:binding' device='lamp@d'/>`, '<bind/> has no code'],
    [xml`<confirm xmlns='urn:yaolian:ra:1:binding' user='ann'/>`, '"ann" is no user of <confirm/>'],
    [xml`<confirm xmlns='urn:yaolian:ra:1:binding' user='a@d' why='x'/>`, '<confirm/> has no attribute "why"'],
    [xml`<confirm xmlns='urn:yaolian:ra:1:binding' user='a@d'>yes</confirm>`, '<confirm/> has no text'],
    [xml`<read xmlns='urn:yaolian:ra:1:data' path='3303'/>`, '"3303" is no path of <read/>'],
    [xml`<queued xmlns='urn:yaolian:ra:1:data' id='1' expires='soon'/>`, '"soon" is no expires of <queued/>'],
    [xml`<friend xmlns='urn:yaolian:ra:1:friend' state='foe'/>`, '"foe" is no state of <friend/>'],
    [
      xml`<grant xmlns='urn:yaolian:ra:1:permission' feature='*' operations='read fly'/>`,
      '"read fly" is no operations of <grant/>',
    ],
    [
      xml`<granted xmlns='urn:yaolian:ra:1:push' device='lamp@d'/>`,
      '<granted/> has one {urn:yaolian:ra:1:permission}grant, not 0',
    ],
    [
      xml`<bindings xmlns='urn:yaolian:ra:1:binding'><bind/></bindings>`,
      "there is no <bind xmlns='urn:yaolian:ra:1:binding'/> in <bindings/>",
    ],
    [
      xml`<device xmlns='urn:yaolian:ra:1:device'><modelName>a</modelName><modelName>b</modelName></device>`,
      '<device/> has at most one modelName, not 2',
    ],
  ] as const) {
    assert.equal(faultOfRaMessage(payload), fault);
  }
});
