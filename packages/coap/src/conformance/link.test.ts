import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeUtf8, emptyBytes, encodeUtf8, socketAddress } from '@yaolian/kernel';
import { Code } from '../codes.ts';
import { ContentFormat } from '../content-format.ts';
import type { IncomingRequest, OutgoingResponse } from '../exchange.ts';
import { decodeLinks, type Link, linkAttribute } from '../link-format.ts';
import { ResourceTree } from '../resource-tree.ts';
import { parseCoapUri } from '../uri.ts';

// The ETSI CoAP plugtest cases on RFC 6690, against the resources that their configuration asks of a server.
const text = (payload: string) => (): OutgoingResponse => ({
  code: Code.Content,
  contentFormat: ContentFormat.Text,
  payload: encodeUtf8(payload),
});
const tree = new ResourceTree();
tree.add('/test', { rt: ['Type1', 'Type2'], if: 'If1', get: text('test') });
tree.add('/separate', { rt: ['Type2', 'Type3'], if: 'If2', get: text('separate') });
tree.add('/seg1/seg2/seg3', { rt: ['Type1', 'Type3'], if: 'foo', get: text('segments') });
tree.add('/large', { rt: 'Type1', sz: 1700, get: text('x'.repeat(1700)) });
tree.add('/large-update', { sz: 1700, get: text('y'.repeat(1700)) });
for (const name of ['link1', 'link2', 'link3']) tree.add([name], { get: text(name) });
tree.add('/path', {
  ct: ContentFormat.LinkFormat,
  get: () => ({ code: Code.Content, contentFormat: ContentFormat.LinkFormat, payload: encodeUtf8('</path/sub1>') }),
});
tree.add('/path/sub1', { listed: false, get: text('sub1') });

async function ask(reference: string): Promise<OutgoingResponse> {
  const uri = parseCoapUri(`coap://server${reference}`);
  assert.ok(uri.ok);
  const request: IncomingRequest = {
    method: Code.GET,
    path: uri.value.path,
    query: uri.value.query,
    options: [],
    payload: emptyBytes,
    contentFormat: undefined,
    accept: undefined,
    confirmable: true,
    multicast: false,
    peer: socketAddress('192.0.2.1', 5683),
    observer: undefined,
    cancelsObservation: false,
  };
  const response = await tree.handle(request);
  assert.equal(response?.code, Code.Content);
  return response;
}

async function linksOf(reference: string): Promise<readonly Link[]> {
  const response = await ask(reference);
  assert.equal(response.contentFormat, ContentFormat.LinkFormat);
  const links = decodeLinks(response.payload!);
  assert.ok(links.ok);
  return links.value;
}

async function targetsOf(reference: string): Promise<readonly string[]> {
  return (await linksOf(reference)).map(({ target }) => target);
}

describe('ETSI CoAP plugtests: CoRE link format', () => {
  it('TD_COAP_LINK_01: access to well-known interface for resource discovery', async () => {
    const targets = await targetsOf('/.well-known/core');
    for (const target of ['/test', '/separate', '/seg1/seg2/seg3', '/large', '/link1', '/path']) {
      assert.ok(targets.includes(target), target);
    }
    assert.ok(!targets.includes('/path/sub1'));
  });

  it('TD_COAP_LINK_02: use filtered requests for limiting discovery results', async () => {
    assert.deepEqual(await targetsOf('/.well-known/core?rt=Type1'), ['/test', '/seg1/seg2/seg3', '/large']);
  });

  it('TD_COAP_LINK_03: handle empty prefix value strings', async () => {
    assert.deepEqual(await targetsOf('/.well-known/core?rt=*'), ['/test', '/separate', '/seg1/seg2/seg3', '/large']);
  });

  it('TD_COAP_LINK_04: filter discovery results in presence of multiple rt attributes', async () => {
    assert.deepEqual(await targetsOf('/.well-known/core?rt=Type2'), ['/test', '/separate']);
  });

  it('TD_COAP_LINK_05: filter discovery results using if attribute and prefix value strings', async () => {
    assert.deepEqual(await targetsOf('/.well-known/core?if=If*'), ['/test', '/separate']);
  });

  it('TD_COAP_LINK_06: filter discovery results using sz attribute and prefix value strings', async () => {
    assert.deepEqual(await targetsOf('/.well-known/core?sz=*'), ['/large', '/large-update']);
    assert.deepEqual(await targetsOf('/.well-known/core?sz=17*'), ['/large', '/large-update']);
  });

  it('TD_COAP_LINK_07: filter discovery results using href attribute and complete value strings', async () => {
    assert.deepEqual(await targetsOf('/.well-known/core?href=/link1'), ['/link1']);
  });

  it('TD_COAP_LINK_08: filter discovery results using href attribute and prefix value strings', async () => {
    assert.deepEqual(await targetsOf('/.well-known/core?href=/link*'), ['/link1', '/link2', '/link3']);
  });

  it('TD_COAP_LINK_09: arrange link descriptions hierarchically', async () => {
    const [entry, ...others] = await linksOf('/.well-known/core?ct=40');
    assert.ok(entry);
    assert.deepEqual([entry.target, linkAttribute(entry, 'ct'), others.length], ['/path', '40', 0]);
    const [below] = await targetsOf(entry.target);
    assert.equal(below, '/path/sub1');
    assert.equal(decodeUtf8((await ask(below)).payload!), 'sub1');
  });
});
