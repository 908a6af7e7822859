/** The schemas of Remote Access as third parties take them: libxml2 holds them against every message of the conformance suite. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { faultOfRaMessage } from '@yaolian/igrs';
import { AccountClient } from '@yaolian/igrs/client';
import { type RaTarget, runRaConformance } from '@yaolian/igrs/conformance';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { Jid, scramClients, serialiseXml, type XmlElement, XmppClient, xml } from '@yaolian/xmpp';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { openPlatform, type TestPlatform } from '../support/platform.ts';
import { domain, remoteAccess } from '../support/remote-user.ts';
import { run } from './support/processes.ts';

const schemas = fileURLToPath(new URL('../../packages/igrs/schemas/', import.meta.url));
const prefix = 'urn:yaolian:ra:1:';

/** Documents by the files of their schemas. */
type Documents = Map<string, Set<string>>;

function collect(documents: Documents, file: string, text: string): void {
  documents.set(file, (documents.get(file) ?? new Set()).add(text));
}

/** What of a stanza is ours, wherever it stands in it. */
function collectOurs(documents: Documents, one: XmlElement): void {
  const isOurs = one.namespace.startsWith(prefix);
  if (isOurs) collect(documents, `${one.namespace.slice(prefix.length)}.rng`, serialiseXml(one));
  else for (const child of one.elements()) collectOurs(documents, child);
}

/** A client of whose stanzas, heard and said, the documents are kept. */
function recorded(client: XmppClient, documents: Documents): XmppClient {
  const { onElement, request, send } = client;
  client.onElement = (heard) => {
    collectOurs(documents, heard);
    onElement.call(client, heard);
  };
  client.request = (type, to, payload, options) => {
    collectOurs(documents, payload);
    return request.call(client, type, to, payload, options);
  };
  client.send = (stanza) => {
    collectOurs(documents, stanza);
    send.call(client, stanza);
  };
  return client;
}

interface Posted {
  readonly path: string;
  readonly body: string;
  readonly answer: string;
}

async function targetOf(bench: TestPlatform, documents: Documents, posted: Posted[]): Promise<RaTarget> {
  const url = new URL(bench.platform.listening.find((one) => one.url.startsWith('xmpp:'))!.url);
  const authorities = readFileSync(join(bench.dataFolder, 'tls', 'certificate.pem'));
  const post = async (at: string, body: string, type = 'application/json') => {
    const response = await fetch(at, { method: 'POST', body, headers: { 'content-type': type } });
    const answer = await response.text();
    const { pathname } = new URL(at);
    if (pathname.endsWith('.xml')) collect(documents, 'account-answer.rng', answer);
    if (pathname.endsWith('.json')) posted.push({ path: pathname.replace(/^\/rest\/v1\/|\.json$/g, ''), body, answer });
    return { status: response.status, body: answer };
  };
  const where = { domain, host: '127.0.0.1', port: Number(url.port), tls: { authorities } };
  return {
    domain,
    accounts: new AccountClient({ url: bench.httpUrl, post: (at, body) => post(at, body) }),
    clients: async ({ name: username, password }) => {
      const jid = Jid.parse(`${username}@${domain}`)!;
      const mechanisms = scramClients({ crypto: saslCrypto, username, password });
      const ports = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
      return (listener) => {
        const connector = xmppConnector(where);
        return recorded(new XmppClient({ jid, connector, mechanisms, ...ports, listener }), documents);
      };
    },
    post: (path, body, type) => post(`${bench.httpUrl}${path}`, body, type),
    names: { user: 'ann', friend: 'bob', device: 'kettle' },
    password: 'a-long-secret',
    verifyCode: 'KETTLE-CODE',
    ...{ clock: nodeClock, timers: nodeTimers, random: nodeRandom, crypto: saslCrypto },
  };
}

/** What libxml2 says of documents: a line for each that is not of the schema. */
async function faultsOf(folder: string, file: string, texts: Iterable<string>): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const names = [...texts].map((text, index) => {
    const name = join(folder, `${index}.xml`);
    writeFileSync(name, text);
    return name;
  });
  const { errors } = await run('xmllint', ['--noout', '--relaxng', join(schemas, file), ...names]);
  return errors.split('\n').filter((line) => line !== '' && !line.endsWith(' validates'));
}

test('every message of the suite is of the published schema, by libxml2 as by ourselves', {
  timeout: 300_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-schemas-'));
  t.after(() => rmSync(folder, { recursive: true }));
  await using bench = await openPlatform(remoteAccess);
  const documents: Documents = new Map();
  const posted: Posted[] = [];
  for await (const { id, outcome, message } of runRaConformance(await targetOf(bench, documents, posted), {})) {
    assert.equal(outcome, 'pass', `${id}: ${message}`);
  }
  for (const [file, texts] of documents) assert.deepEqual(await faultsOf(join(folder, file), file, texts), [], file);
  const found = [...documents.keys()].sort();
  const wanted = ['binding', 'bookmark', 'data', 'device', 'friend', 'link', 'permission', 'push', 'verification-code'];
  for (const name of [...wanted, 'account-answer']) assert.ok(found.includes(`${name}.rng`), `no ${name} in ${found}`);

  const { $defs } = JSON.parse(readFileSync(join(schemas, 'account.schema.json'), 'utf8')) as {
    readonly $defs: Readonly<Record<string, TSchema>>;
  };
  for (const { path, body, answer } of posted) {
    assert.ok(Compile($defs['answer']!).Check(JSON.parse(answer)), answer);
    if (JSON.parse(answer).code !== 200) continue; // what the suite does wrong on purpose
    assert.ok(Compile($defs[path.replaceAll('/', '-')]!).Check(JSON.parse(body)), `${path} ${body}`);
  }
  assert.ok(new Set(posted.map(({ path }) => path)).size >= 5, 'several requests were posted');
});

test('what is wrong is wrong by libxml2 as by ourselves', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-schemas-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const wrong = [
    xml`<bend xmlns='urn:yaolian:ra:1:binding'/>`,
    xml`<bind xmlns='urn:yaolian:ra:1:binding' device='lamp@d'/>`,
    xml`<confirm xmlns='urn:yaolian:ra:1:binding' user='ann'/>`,
    xml`<confirm xmlns='urn:yaolian:ra:1:binding' user='a@d' why='x'/>`,
    xml`<confirm xmlns='urn:yaolian:ra:1:binding' user='a@d'>yes</confirm>`,
    xml`<bindings xmlns='urn:yaolian:ra:1:binding'><bind/></bindings>`,
    xml`<read xmlns='urn:yaolian:ra:1:data' path='3303'/>`,
    xml`<read xmlns='urn:yaolian:ra:1:data' path='/3303/0/5700/0/1'/>`,
    xml`<queued xmlns='urn:yaolian:ra:1:data' id='1' expires='soon'/>`,
    xml`<queued xmlns='urn:yaolian:ra:1:data' id='1' expires='2026-01-01T00:00:00'/>`,
    xml`<retry xmlns='urn:yaolian:ra:1:binding' after='1.5'/>`,
    xml`<friend xmlns='urn:yaolian:ra:1:friend' state='foe'/>`,
    xml`<grant xmlns='urn:yaolian:ra:1:permission' feature='*' operations='read fly'/>`,
    xml`<grant xmlns='urn:yaolian:ra:1:permission' feature='a*b' operations='read'/>`,
    xml`<granted xmlns='urn:yaolian:ra:1:push' device='lamp@d'/>`,
    xml`<device xmlns='urn:yaolian:ra:1:device'><modelName>a</modelName><modelName>b</modelName></device>`,
    xml`<end xmlns='urn:yaolian:ra:1:channel' now='1'/>`,
  ];
  const right = [
    xml`<device xmlns='urn:yaolian:ra:1:device'><feature var='a'/><modelName>a</modelName><feature var='b'/></device>`,
    xml`<grant xmlns='urn:yaolian:ra:1:permission' feature='urn:oma:*' operations='read observe' class='friend'/>`,
    xml`<granted xmlns='urn:yaolian:ra:1:push' device='lamp@d'><grant xmlns='urn:yaolian:ra:1:permission' account='bob@d' feature='*' operations=''/></granted>`,
    xml`<queued xmlns='urn:yaolian:ra:1:data' id='1' expires='2026-01-01T00:00:00.5+08:00'/>`,
    xml`<description xmlns='urn:yaolian:ra:1:channel' name='web'/>`,
    xml`<result xmlns='urn:yaolian:ra:1:data' device='lamp@d' id='7'/>`,
  ];
  for (const [index, one] of [...wrong, ...right].entries()) {
    const file = `${one.namespace.slice(prefix.length)}.rng`;
    const faults = await faultsOf(join(folder, String(index)), file, [serialiseXml(one)]);
    const isWrong = index < wrong.length;
    assert.equal(faults.length > 0, isWrong, `${serialiseXml(one)}: ${faults.join('; ')}`);
    assert.equal(faultOfRaMessage(one) !== undefined, isWrong, serialiseXml(one));
  }
});
