import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientContext, element, parseXmlText } from '@yaolian/xmpp';
import { raSchemas } from '../../schema/index.ts';
import { violationsOfAccountRequest } from './account-rules.ts';
import { clauseOf, faultsOf } from './stanza-rules.ts';

const faults = (text: string) => {
  const parsed = parseXmlText(text, clientContext);
  assert.ok(parsed.ok, text);
  return faultsOf(parsed.value).map(({ clause, wrong }) => `${clause}: ${wrong}`);
};
const data = "xmlns='urn:yaolian:ra:1:data'";
const binding = "xmlns='urn:yaolian:ra:1:binding'";

describe('stanzas of a client', () => {
  const right = [
    `<iq type='get' id='1' to='lamp@home.example'><read ${data} path='/3303/0/5700'/></iq>`,
    `<iq type='set' id='1'><bind ${binding} device='lamp@home.example' code='x'/></iq>`,
    `<message type='headline' to='home.example'><values ${data} time='2026-01-01T00:00:00Z'/></message>`,
    `<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/></presence>`,
    `<iq type='error' id='1'><read ${data}/><error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
  ];
  for (const text of right) it(`finds nothing wrong with ${text}`, () => assert.deepEqual(faults(text), []));

  it('has a clause for every namespace that has messages', () => {
    const without = Object.keys(raSchemas).filter((namespace) => clauseOf(element('any', namespace)) === undefined);
    assert.deepEqual(without, []);
  });

  const wrong: readonly (readonly [string, string])[] = [
    [`<iq type='get'><read ${data} path='/3'/></iq>`, '11.1: an iq has no id'],
    [`<iq type='ask' id='1'/>`, '11.1: the type of a iq is "ask"'],
    [`<iq type='get' id='1'/>`, '11.1: an iq of type get has 0 elements'],
    [`<iq type='result' id='1'><a xmlns='a'/><b xmlns='b'/></iq>`, '11.1: a result has 2 elements'],
    [`<iq type='error' id='1'/>`, '11.1: an error does not say which'],
    [
      `<iq type='error' id='1'><error type='bad'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
      '11.1: an error is of type "bad"',
    ],
    [`<iq type='error' id='1'><error type='wait'/></iq>`, '11.1: an error has no condition that is defined'],
    [`<message to='@'/>`, '11.1: "@" is no address'],
    [`<iq type='set' id='1'><read ${data} path='/3'/></iq>`, '11.2: <read/> is in an iq of type set'],
    [
      `<iq type='set' id='1'><history xmlns='urn:yaolian:ra:1:history' path='/3303/0/5700'/></iq>`,
      '11.2: <history/> is in an iq of type set',
    ],
    [
      `<iq type='set' id='1'><values ${data} time='2026-01-01T00:00:00Z'/></iq>`,
      '11.2: <values/> is in an iq of type set',
    ],
    [`<iq type='set' id='1'><bind ${binding} device='lamp'  code='x'/></iq>`, '10.3: "lamp" is no device of <bind/>'],
    [`<message><read ${data} path='/3'/></message>`, '11.2: <read/> is in a message of type ""'],
    [
      `<iq type='set' id='1'><bind xmlns='urn:yaolian:ra:2:binding'/></iq>`,
      '10.3: there is no namespace urn:yaolian:ra:2:binding (<bind/>)',
    ],
    [
      `<message><linked xmlns='urn:yaolian:ra:1:push' device='a@b' other='c@b'/></message>`,
      "11.5: a client sends <linked xmlns='urn:yaolian:ra:1:push'/>",
    ],
  ];
  for (const [text, fault] of wrong)
    it(`says what is wrong with ${text}`, () => assert.deepEqual(faults(text), [fault]));
});

describe('requests to the account server', () => {
  const request = { path: '/rest/v1/user/register.json', method: 'POST', contentType: 'application/json', status: 400 };
  const wrong = (change: Partial<Parameters<typeof violationsOfAccountRequest>[0]>) =>
    violationsOfAccountRequest({ ...request, body: '{"userName":"ann","password":"p"}', ...change }).map(
      (one) => one.wrong,
    );

  it('finds what is wrong with path, method, body and fields', () => {
    assert.deepEqual(wrong({}), []);
    assert.deepEqual(wrong({ contentType: 'application/x-www-form-urlencoded', body: 'userName=ann&password=p' }), []);
    assert.deepEqual(wrong({ path: '/rest/v1/user/login.xml' }), ['there is no path /rest/v1/user/login.xml']);
    assert.deepEqual(wrong({ method: 'GET' }), ['GET /rest/v1/user/register.json']);
    assert.deepEqual(wrong({ body: '[]' }), ['a body of application/json']);
    assert.deepEqual(wrong({ body: '{"userName":"ann"}' }), ['there is no password']);
    const path = '/rest/v1/device/modify.json';
    const body = '{"deviceName":"lamp","password":"p","confirm":"maybe"}';
    assert.deepEqual(wrong({ path, body }), ['"maybe" is no confirm']);
  });

  it('shows what came without its passwords', () => {
    const body = '{"userName":"","password":"se\\"cret","newPassword":"other"}';
    const [violation] = violationsOfAccountRequest({ ...request, body });
    assert.doesNotMatch(violation!.bytes, /cret|other/);
    const [form] = violationsOfAccountRequest({
      ...request,
      contentType: 'text/plain',
      body: 'password=secret&userName=ann',
    });
    assert.match(form!.bytes, /password=…&userName=ann$/);
  });
});
