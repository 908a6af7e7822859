/** The originators' older clients (`ra.vendor-compat`): their paths and namespaces, byte by byte. What the messages contain is ours. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { faultIn, type VendorNamespace, vendorNamespaces, vendorSchemas } from '@yaolian/igrs';
import { parseXmlText, serialiseXml, type XmlElement } from '@yaolian/xmpp';
import { openPlatform } from './support/platform.ts';
import { domain, remoteAccess, TestUser } from './support/remote-user.ts';

const prefix = 'http://www.igrs.org/spec2.0/';
const compat = { ...remoteAccess, 'ra.vendor-compat': true };

/** Sends a `<query/>` as text; what comes back as text, or the condition of the refusal. */
async function ask(user: TestUser, type: 'get' | 'set', name: string, content = ''): Promise<string> {
  const parsed = parseXmlText(`<query xmlns='${prefix}${name}'>${content}</query>`);
  assert.ok(parsed.ok);
  const answer = await user.client.request(type, domain, parsed.value);
  if (answer.kind === 'error') return answer.condition;
  if (answer.payload === undefined) return '';
  assert.equal(faultIn(answer.payload, vendorSchemas[`${prefix}${name}` as VendorNamespace].answer), undefined);
  return innerOf(answer.payload);
}

function innerOf(query: XmlElement): string {
  const text = serialiseXml(query);
  const head = /^<query xmlns=['"][^'"]+['"]>/.exec(text)?.[0];
  return head === undefined ? '' : text.slice(head.length, -'</query>'.length);
}

/** A request of HTTP as these clients send it, and the whole answer. */
async function exchange(port: number, path: string, form: string): Promise<string> {
  const head = `POST ${path} HTTP/1.1\r\nHost: ${domain}\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
  const socket = connect(port, '127.0.0.1');
  socket.write(`${head}Content-Length: ${form.length}\r\nConnection: close\r\n\r\n${form}`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

test('the paths of registration, with version and domain: codes and address in XML', async () => {
  await using bench = await openPlatform(compat);
  const port = Number(new URL(bench.httpUrl).port);
  const user = `version=2&domain=${domain}&userName=ann&password=ann-secret`;
  const made = await exchange(port, '/rest/v1/user/register.xml', user);
  assert.match(made, /^HTTP\/1\.1 201 /);
  const xml = '<?xml version="1.0" encoding="UTF-8"?>\n';
  assert.ok(
    made.includes(`${xml}<response><code>200</code><id>ann@${domain}</id><message>registered</message></response>`),
    made,
  );
  assert.match(await exchange(port, '/rest/v1/user/register.xml', user), /^HTTP\/1\.1 409 [\s\S]*<code>421<\/code>/);
  const device = `version=2&domain=${domain}&deviceName=tv&password=tv-secret&verifyCode=123456&deviceType=TV&vendor=V&model=M`;
  assert.match(
    await exchange(port, '/rest/v1/device/register.xml', device),
    /<code>200<\/code><id>tv@home\.example<\/id>/,
  );
  assert.match(await exchange(port, '/rest/v1/device/register.xml', device), /<code>424<\/code>/);
});

test('binding, information, location, links, bookmarks and codes in the older namespaces', async () => {
  await using bench = await openPlatform(compat);
  await using tv = await TestUser.registerDevice(bench, 'tv', '123456');
  await using _box = await TestUser.registerDevice(bench, 'box', '654321');
  await using ann = await TestUser.register(bench, 'ann');
  const device = `<device>tv@${domain}</device>`;
  const bind = `${device}<verifyCode>123456</verifyCode><name>Screen</name><group>Hall</group>`;
  const wrong = bind.replace('123456', '111111');
  assert.equal(await ask(ann, 'set', 'basic#userbind', wrong), 'not-authorized');
  const bound = `<bind><user>ann@${domain}</user>${device}<state>active</state><name>Screen</name><group>Hall</group></bind>`;
  assert.equal(await ask(ann, 'set', 'basic#userbind', bind), bound);
  assert.equal(await ask(ann, 'set', 'basic#userbind', bind), 'conflict');
  assert.equal(await ask(ann, 'get', 'basic#querybind'), bound);
  assert.equal(await ask(tv, 'get', 'basic#querybind'), bound);
  const facts = '<protocolVersion>2</protocolVersion><deviceType/><manufacturer/><modelName/><modelNumber/></device>';
  const informed = await ask(ann, 'get', 'basic#user#devicesinfo');
  assert.equal(informed, `<device jid='tv@${domain}' state='online'><name>Screen</name><group>Hall</group>${facts}`);
  const one = `<device jid='tv@${domain}' state='online'>${facts}`;
  assert.equal(await ask(ann, 'get', 'basic#deviceinfo', device), one);
  const others = `${device}<device>box@${domain}</device>`;
  assert.equal(await ask(ann, 'get', 'basic#devicesinfo', others), `<device jid='box@${domain}'/>${one}`);
  assert.equal(await ask(ann, 'get', 'basic#deviceinfo', `<device>box@${domain}</device>`), 'forbidden');
  assert.equal(await ask(ann, 'set', 'basic#modify#location', `${device}<location>Attic</location>`), '');
  assert.equal(await ask(ann, 'get', 'basic#querybind'), bound.replace('Hall', 'Attic'));

  const pair = `${device}<other>box@${domain}</other>`;
  assert.equal(await ask(ann, 'set', 'basic#device#add', pair), 'forbidden');
  await ann.home.bind(`box@${domain}`, '654321');
  assert.equal(await ask(ann, 'set', 'basic#device#add', pair), '');
  assert.equal(
    await ask(ann, 'get', 'basic#linkeddevicesinfo', device),
    `<device jid='box@${domain}' state='online'>${facts}`,
  );
  assert.equal(await ask(ann, 'set', 'basic#device#unlink', pair), '');
  assert.equal(await ask(ann, 'get', 'basic#linkeddevicesinfo', device), '');

  const bookmark = `<name>tv</name><address>tv@${domain}</address><text>big</text>`;
  assert.equal(await ask(ann, 'set', 'basic#bookmark#add', bookmark), '');
  assert.equal(await ask(ann, 'get', 'basic#bookmark#get'), `<bookmark>${bookmark}</bookmark>`);
  assert.equal(await ask(ann, 'set', 'basic#bookmark#remove', '<name>tv</name>'), '');
  assert.equal(await ask(ann, 'get', 'basic#bookmark#get'), '');

  const code = await ask(ann, 'set', 'mobile#verifycode', device);
  assert.match(code, new RegExp(`^${device}<verifyCode>[0-9A-Z-]{11}</verifyCode><expires>[^<]+Z</expires>$`));
  assert.equal(await ask(ann, 'set', 'basic#unbind', device), '');
  assert.equal(await ask(ann, 'get', 'basic#querybind'), (await ask(ann, 'get', 'basic#querybind')).replace(bound, ''));
  assert.equal(await ask(ann, 'set', 'basic#unbind', device), 'item-not-found');
  assert.equal(await ask(ann, 'set', 'basic#userbind', bind), 'not-authorized', 'the code was reset');
});

test('a device of the older namespaces agrees to its owner, or does not', async () => {
  await using bench = await openPlatform(compat);
  const port = Number(new URL(bench.httpUrl).port);
  const form = 'deviceName=tv&password=tv-secret&verifyCode=123456&confirm=1';
  assert.match(await exchange(port, '/rest/v1/device/register.xml', form), /<code>200<\/code>/);
  await using tv = await TestUser.login(bench, 'tv');
  await using ann = await TestUser.register(bench, 'ann');
  const bind = `<device>tv@${domain}</device><verifyCode>123456</verifyCode>`;
  const user = `<user>ann@${domain}</user>`;
  assert.match(await ask(ann, 'set', 'basic#userbind', bind), /<state>pending<\/state>/);
  assert.equal(await ask(tv, 'set', 'basic#devicebind', `${user}<accept>0</accept>`), '');
  assert.equal(await ask(ann, 'get', 'basic#querybind'), '');
  assert.match(await ask(ann, 'set', 'basic#userbind', bind), /<state>pending<\/state>/);
  assert.equal(await ask(tv, 'set', 'basic#devicebind', user), '');
  assert.match(await ask(ann, 'get', 'basic#querybind'), /<state>active<\/state>/);
  assert.equal(await ask(tv, 'set', 'basic#devicebind', user), 'conflict', 'agreed already: a repeated answer');
  assert.equal(await ask(tv, 'set', 'basic#devicebind', `${user}<accept>0</accept>`), 'conflict', 'that is unbinding');
  assert.match(await ask(ann, 'get', 'basic#querybind'), /<state>active<\/state>/);
});

test('whatever comes of the answer of a device is told apart, in both namespaces', async () => {
  await using bench = await openPlatform(compat);
  const port = Number(new URL(bench.httpUrl).port);
  const form = 'deviceName=tv&password=tv-secret&verifyCode=123456&confirm=1';
  assert.match(await exchange(port, '/rest/v1/device/register.xml', form), /<code>200<\/code>/);
  await using tv = await TestUser.login(bench, 'tv');
  await using ann = await TestUser.register(bench, 'ann');
  const refusal = async (user: TestUser, xml: string) => {
    const answer = await user.client.request('set', domain, parsed(xml));
    assert.ok(answer.kind === 'error', xml);
    return [answer.condition, answer.text];
  };
  const older = (content: string) => `<query xmlns='${prefix}basic#devicebind'>${content}</query>`;
  const ours = (content: string) => content.replace('/>', " xmlns='urn:yaolian:ra:1:binding'/>");
  for (const [user, xml, refused] of [
    [tv, older(`<user>ann@${domain}</user>`), ['item-not-found', 'that user does not wait for consent']],
    [tv, ours(`<confirm user='ann@${domain}'/>`), ['item-not-found', 'that user does not wait for consent']],
    [tv, ours(`<decline user='nobody@${domain}'/>`), ['item-not-found', 'that user does not wait for consent']],
    [tv, older('<user>ann@elsewhere.example</user>'), ['bad-request', `confirm names a user of ${domain}`]],
    [tv, ours('<decline/>'), ['bad-request', `decline names a user of ${domain}`]],
    [ann, older(`<user>ann@${domain}</user>`), ['not-allowed', 'devices confirm and decline']],
    [ann, ours(`<confirm user='ann@${domain}'/>`), ['not-allowed', 'devices confirm and decline']],
  ] as const)
    assert.deepEqual(await refusal(user, xml), refused, xml);
  for (const [content, said] of [
    ['', /user/],
    ['<user>ann</user>', /user/],
    [`<user>ann@${domain}</user><accept>yes</accept>`, /accept/],
    [`<user>ann@${domain}</user><user>bob@${domain}</user>`, /user/],
    [`<user>ann@${domain}</user><agree/>`, /agree/],
  ] as const) {
    const [condition, text] = await refusal(tv, older(content));
    assert.equal(condition, 'bad-request', content);
    assert.match(text ?? '', said, content);
  }
});

test('what is no message of these namespaces is refused; off by default they are answered by nobody', async () => {
  {
    await using bench = await openPlatform(compat);
    await using ann = await TestUser.register(bench, 'ann');
    assert.equal(await ask(ann, 'set', 'basic#userbind', '<device>tv</device>'), 'bad-request');
    assert.equal(await ask(ann, 'get', 'basic#userbind'), 'bad-request');
    assert.equal(await ask(ann, 'get', 'basic#querybind', '<all/>'), 'bad-request');
    assert.equal(await ask(ann, 'get', 'basic#nothing'), 'service-unavailable');
    const disco = await ann.client.request(
      'get',
      domain,
      parsed(`<query xmlns='http://jabber.org/protocol/disco#info'/>`),
    );
    const features =
      disco.kind === 'result' ? disco.payload!.elements('feature').map((one) => one.attribute('var')) : [];
    for (const namespace of Object.values(vendorNamespaces)) assert.ok(features.includes(namespace), namespace);
  }
  await using plain = await openPlatform(remoteAccess);
  await using bob = await TestUser.register(plain, 'bob');
  for (const namespace of Object.values(vendorNamespaces)) {
    const answer = await bob.client.request('get', domain, parsed(`<query xmlns='${namespace}'/>`));
    assert.equal(answer.kind === 'error' && answer.condition, 'service-unavailable', namespace);
  }
});

function parsed(text: string): XmlElement {
  const read = parseXmlText(text);
  assert.ok(read.ok);
  return read.value;
}
